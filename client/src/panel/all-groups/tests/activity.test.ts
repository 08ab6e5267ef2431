import { describe, expect, it } from 'vitest';
import { lastActivity, quietMinutes, signsOf } from '../activity';
import type { Group, Person } from '../../../workshop/desk';

const MINUTE = 60_000;
const person = (id: string, signs: Partial<Person> = {}): Person => ({
  ...{ id, name: id, role: 'participant', color: 0, joined: 0, hand: null, ready: null },
  ...signs,
});

describe('the last activity of a group', () => {
  it('is what was seen or written last, and not that its board has come', () => {
    expect(lastActivity({ loadedAt: 5_000, lastChange: 5_020, written: [] })).toBe(0);
    expect(lastActivity({ loadedAt: 5_000, lastChange: 5_020, written: [1, 3, 2] })).toBe(3);
    expect(lastActivity({ loadedAt: 5_000, lastChange: 9_000, written: [3] })).toBe(9_000);
    expect(lastActivity({ loadedAt: Infinity, lastChange: 9_000, written: [] })).toBe(0);
  });

  it('makes a group quiet after some minutes, counted from its beginning at first', () => {
    expect(quietMinutes(0, MINUTE, 3 * MINUTE)).toBeNull();
    expect(quietMinutes(0, MINUTE, 4 * MINUTE)).toBe(3);
    expect(quietMinutes(2 * MINUTE, MINUTE, 4 * MINUTE)).toBeNull();
  });
});

it('counts hands of all members, and readiness of those who are here', () => {
  const people = {
    a: person('a', { hand: 1, ready: 1 }),
    b: person('b'),
    c: person('c', { hand: 2, ready: 1 }),
  };
  const group = { people: ['a', 'b', 'c', 'gone'] } as unknown as Group;
  const signs = signsOf(group, people, new Set(['a', 'b']));
  expect([signs.hands.map(({ id }) => id), signs.ready, signs.all]).toEqual([['a', 'c'], 1, 2]);
});
