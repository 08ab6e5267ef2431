import { describe, expect, it } from 'vitest';
import type { Breakout, Group } from '../../../workshop/desk';
import { lateSentences, lateWork } from '../late.svelte';

const group = (name: string, late: number | null = null): Group => ({
  id: name,
  name,
  board: `${name}-board`,
  people: [],
  pages: [],
  left: {},
  late,
  message: null,
  help: null,
});
const round = (groups: Group[], more: Partial<Breakout> = {}): Breakout => ({
  id: 'k',
  board: 'b',
  state: 'closed',
  created: 1,
  merged: 2,
  closed: null,
  recall: null,
  choice: false,
  groups,
  ...more,
});

describe('late work', () => {
  it('is what closed groups have that is not on the shared board', () => {
    const late = round([group('A', null), group('B', 2)]);
    expect(
      lateWork([round([group('A')]), late, round([group('C', 1)], { state: 'open' })]),
    ).toEqual([late]);
    expect(lateSentences(late).map(({ group: id }) => id)).toEqual(['B']);
  });

  it('is told by group, also when it is no note, and otherwise before anything was gathered', () => {
    const texts = (late: number, merged: number | null) =>
      lateSentences(round([group('Koivu', late)], { merged }))[0]?.text ?? '';
    const told = [texts(1, 2), texts(2, 2), texts(0, 2), texts(2, null), texts(0, null)];
    expect(new Set(told).size).toBeGreaterThan(3); // without a catalogue plurals are alike
  });
});
