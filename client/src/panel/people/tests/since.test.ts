import { describe, expect, it } from 'vitest';
import { sinceOf } from '../since';

const NOON = new Date(2026, 4, 6, 12, 0).getTime();
const at = (day: number, hours: number, minutes: number) =>
  new Date(2026, 4, day, hours, minutes).getTime();

describe('since when', () => {
  it('is so many minutes ago', () => {
    expect(sinceOf('15', '', NOON)).toBe(at(6, 11, 45));
  });

  it('is a time of today, or of yesterday where that has not come yet', () => {
    expect(sinceOf('time', '10:12', NOON)).toBe(at(6, 10, 12));
    expect(sinceOf('time', '13:30', NOON)).toBe(at(5, 13, 30));
  });

  it('is nothing while no time is chosen', () => {
    expect(sinceOf('time', '', NOON)).toBeNull();
  });
});
