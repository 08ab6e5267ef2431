import { expect, test } from 'vitest';
import { fitOf, SIZES, type Fit } from '../fit';

const ROOM = { width: 1880, gap: 20, sections: 2 };
/** So many lines of one em, in columns of 900 px. */
const lines = (count: number) => (size: number, columns: number) =>
  Math.ceil((count * size * 1.3) / (900 * columns));

test('a few words are as large as they get, zones beside each other', () => {
  expect(fitOf(ROOM, lines(4), null)).toEqual({ size: SIZES[0], columns: 2, pages: 1 });
});

test('more words are smaller, in more columns, and all in sight', () => {
  const found = fitOf(ROOM, lines(100), null);
  expect(found.pages).toBe(1);
  expect(found.size).toBeLessThan(SIZES[0]);
  expect(found.columns).toBeGreaterThan(2);
});

test('what does not fit is never smaller than can be read, but stands on pages', () => {
  const found = fitOf(ROOM, lines(2000), null);
  expect(found.size).toBe(20);
  expect(found.pages).toBeGreaterThan(1);
});

test('a narrow screen has one column', () => {
  expect(fitOf({ width: 340, gap: 20, sections: 2 }, lines(10), null).columns).toBe(1);
});

test('the size stays while it serves, and grows when it is worth it', () => {
  const before: Fit = { size: 42, columns: 2, pages: 1 };
  expect(fitOf(ROOM, lines(30), before)).toEqual(before); // 48 px would do
  expect(fitOf(ROOM, lines(4), { ...before, size: 28 }).size).toBe(SIZES[0]);
  expect(fitOf(ROOM, lines(100), before).size).toBeLessThan(42); // it does not fit any more
});
