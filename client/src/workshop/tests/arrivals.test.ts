import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Arrivals, QUIET_MS } from '../arrivals';

const people = (n: number) => new Set(Array.from({ length: n }, (_, index) => `p${index}`));
let told: string[];
let arrivals: Arrivals;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  arrivals = new Arrivals((came, left) => told.push(`+${came} -${left}`));
  arrivals.here(people(2));
});

afterEach(() => {
  arrivals.stop();
  vi.useRealTimers();
});

it('tells a class that arrives one by one in a line every some seconds', () => {
  for (let n = 3; n <= 32; n += 1) {
    arrivals.here(people(n));
    vi.advanceTimersByTime(500);
  }
  vi.advanceTimersByTime(QUIET_MS);
  expect(told.length).toBeLessThanOrEqual(Math.ceil((30 * 500 + QUIET_MS) / QUIET_MS));
  expect(told.reduce((all, line) => all + Number(/\+(\d+)/.exec(line)?.[1]), 0)).toBe(30);
});

it('says nothing of who was away for a moment, nor of who was here before', () => {
  arrivals.here(people(1));
  vi.advanceTimersByTime(1000);
  arrivals.here(people(2));
  vi.advanceTimersByTime(QUIET_MS);
  expect(told).toEqual([]);
});

it('tells who left as well', () => {
  arrivals.here(new Set(['p1', 'new', 'newer']));
  vi.advanceTimersByTime(QUIET_MS);
  expect(told).toEqual(['+2 -1']);
});
