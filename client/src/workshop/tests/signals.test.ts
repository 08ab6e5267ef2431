import { describe, expect, it } from 'vitest';
import type { Desk, Person } from '../desk';
import { handsUp, isAnybodyReady, readiness } from '../at-work';

const person = (id: string, told: Partial<Person> = {}): Person => ({
  id,
  name: id,
  role: 'participant',
  color: 0,
  joined: 1,
  hand: null,
  ready: null,
  ...told,
});
const desk = (...people: Person[]) =>
  ({ people: Object.fromEntries(people.map((each) => [each.id, each])) }) as unknown as Desk;

describe('hands', () => {
  it('stand in the order in which they went up', () => {
    const found = handsUp(desk(person('a', { hand: 9 }), person('b'), person('c', { hand: 3 })));
    expect(found.map(({ id }) => id)).toEqual(['c', 'a']);
  });
});

describe('who is ready', () => {
  const now = desk(
    person('a', { ready: 5 }),
    person('b'),
    person('away', { ready: 5 }),
    person('watches', { role: 'observer', ready: 5 }),
    person('leads', { role: 'facilitator' }),
  );

  it('is counted among those who take part and are here', () => {
    const here = new Set(['a', 'b', 'watches', 'leads']);
    expect(readiness(now, here)).toEqual({ ready: 1, all: 2 });
  });

  it('is known of anybody, wherever they are', () => {
    expect(isAnybodyReady(now)).toBe(true);
    expect(isAnybodyReady(desk(person('b')))).toBe(false);
  });
});
