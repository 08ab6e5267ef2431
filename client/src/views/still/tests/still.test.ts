import { describe, expect, it } from 'vitest';
import type { Board, Note } from '../../../workshop/api-types';
import type { BoardDefinition } from '../../../workshop/workshop';
import { HEAD, NARROW_PX, stillOf } from '../still';

const DEFINITION = {
  key: 'phenomena',
  kind: 'notes',
  zones: [
    { id: 'one', title: { fi: 'Yksi' } },
    { id: 'two', title: { fi: 'Kaksi' } },
  ],
} as unknown as BoardDefinition;

const note = (id: string, more: Partial<Note> = {}): Note => ({
  id,
  zone: 'one',
  text: id,
  color: 'yellow',
  group: null,
  author: null,
  theme: null,
  at: 0,
  position: null,
  votes: 0,
  carried: false,
  ...more,
});

const board = (notes: Note[], more: Partial<Board> = {}): Board => ({
  id: 'board',
  kind: 'notes',
  key: 'phenomena',
  notes,
  themes: [],
  links: [],
  answers: {},
  experiments: [],
  ...more,
});

const idsIn = (still: ReturnType<typeof stillOf>) =>
  still.zones.map(({ notes }) => notes.map(({ note: { id } }) => id));

describe('a board as it stood', () => {
  it('has its notes where they were, under the headings of their zones', () => {
    const still = stillOf(
      board([note('a', { position: [40, 60] }), note('b', { zone: 'two', color: 'nobody’s' })]),
      DEFINITION,
    );
    expect(idsIn(still)).toEqual([['a'], ['b']]);
    expect(still.zones[0]?.notes[0]).toMatchObject({ x: 40, y: 60, color: 'yellow' });
    expect(still.zones[0]?.box.fieldY).toBe(HEAD);
    expect(still.zones[1]?.box.x).toBeGreaterThan(still.zones[0]?.box.width ?? Infinity);
  });

  it('has what is gone where it was, and what is of no zone in the first', () => {
    const gone = note('gone', { position: [300, 300], theme: 'taken-apart' });
    const still = stillOf(board([note('lost', { zone: 'nowhere' })]), DEFINITION, [gone]);
    expect(new Set(idsIn(still)[0])).toEqual(new Set(['gone', 'lost']));
    const place = still.zones[0]?.notes.find(({ note: { id } }) => id === 'gone');
    expect(place).toMatchObject({ x: 300, y: 300 });
  });

  it('has its zones below each other where the screen is narrow', () => {
    const [first, second] = stillOf(board([]), DEFINITION, [], NARROW_PX).zones;
    expect(second?.box.x).toBe(first?.box.x);
    expect(second?.box.y).toBeGreaterThan(first?.box.height ?? Infinity);
  });

  it('frames themes with their notes', () => {
    const themes = [{ id: 't', name: 'Jonot', zone: 'one', position: [20, 20] }];
    const still = stillOf(board([note('a', { theme: 't' })], { themes }), DEFINITION);
    expect(still.zones[0]?.themes).toMatchObject([{ id: 't', name: 'Jonot', x: 20, y: 20 }]);
  });
});
