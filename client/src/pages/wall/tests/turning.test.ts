import { expect, test } from 'vitest';
import { Turning } from '../turning.svelte';

function made(leaves: number, pages: number): { turning: Turning; at: (ms: number) => void } {
  let now = 0;
  const turning = new Turning(() => now);
  turning.begin();
  turning.have(leaves, pages);
  const at = (ms: number): void => {
    now = ms;
    turning.tick();
  };
  return { turning, at };
}

test('pages turn by themselves, then leaves, and from the last to the first', () => {
  const { turning, at } = made(2, 2);
  at(14_000);
  expect([turning.leaf, turning.page]).toEqual([0, 0]);
  at(15_000);
  expect([turning.leaf, turning.page]).toEqual([0, 1]);
  at(30_000);
  expect([turning.leaf, turning.page]).toEqual([1, 0]);
  turning.have(2, 1);
  at(45_000);
  expect([turning.leaf, turning.page]).toEqual([0, 0]);
});

test('by hand it goes both ways, and then stays for a while', () => {
  const { turning, at } = made(3, 1);
  turning.turn(-1);
  expect(turning.leaf).toBe(2);
  at(59_000);
  expect(turning.leaf).toBe(2);
  at(60_000);
  expect(turning.leaf).toBe(0);
});

test('it stands still when it is told to', () => {
  const { turning, at } = made(3, 1);
  turning.stop(true);
  at(600_000);
  expect(turning.leaf).toBe(0);
});

test('what has gone is not stood on', () => {
  const { turning } = made(3, 1);
  turning.turn(-1);
  turning.have(1, 1);
  expect([turning.leaf, turning.turns]).toEqual([0, false]);
});
