import { describe, expect, it } from 'vitest';
import type { NoteItem, ThemeItem } from '../board.svelte';
import { firstNotes, partsOf } from '../parts';

const note = (id: string, theme: string | null) => ({ id, note: { theme } }) as NoteItem;
const theme = (id: string) => ({ id }) as ThemeItem;
const items = [note('a', 't'), note('b', null), note('c', 'u'), note('d', 'u'), note('e', null)];
const told = (parts: readonly { theme: ThemeItem | null; items: readonly NoteItem[] }[]) =>
  parts.map((part) => [part.theme?.id ?? null, part.items.map(({ id }) => id).join('')]);

describe('a zone as a list', () => {
  it('has its themes first, and after them what is under none', () => {
    expect(told(partsOf([theme('t'), theme('u')], items))).toEqual([
      ['t', 'a'],
      ['u', 'cd'],
      [null, 'be'],
    ]);
  });

  it('has the theme with most dots first, and in it the note with most', () => {
    const dots = new Map(Object.entries({ a: 2, c: 1, d: 3, e: 9 }));
    expect(told(partsOf([theme('t'), theme('u')], items, dots))).toEqual([
      ['u', 'dc'],
      ['t', 'a'],
      [null, 'eb'],
    ]);
  });

  it('leaves out a part that has no note', () => {
    expect(told(partsOf([theme('t')], [note('a', 't')]))).toEqual([['t', 'a']]);
    expect(partsOf([], [])).toEqual([]);
  });

  it('is cut after so many notes, in the middle of a theme too', () => {
    const parts = partsOf([theme('t'), theme('u')], items);
    expect(told(firstNotes(parts, 2))).toEqual([
      ['t', 'a'],
      ['u', 'c'],
    ]);
    expect(firstNotes(parts, 5)).toEqual(parts);
    expect(firstNotes(parts, 0)).toEqual([]);
  });
});
