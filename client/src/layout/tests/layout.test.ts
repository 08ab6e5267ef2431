import { describe, expect, it } from 'vitest';
import { freePlaces, layoutBoard, layoutZone, zoneAt } from '../layout';
import { NOTE_MIN_HEIGHT, noteHeight } from '../measure';
import type { Note } from '../../document/schema';
import type { ZoneSpec } from '../zones';

const note = (id: string, rest: Partial<Note> = {}): Note => ({
  id,
  text: '',
  zone: 'z',
  color: 'yellow',
  at: 0,
  author: null,
  group: null,
  theme: null,
  carried: false,
  x: null,
  y: null,
  ...rest,
});

const spec = (id: string, column: number, row = 0): ZoneSpec => ({
  id,
  title: { fi: id, sv: id, en: id },
  prompt: null,
  tint: 0,
  row,
  column,
  cell: null,
});

describe('layout of a zone', () => {
  it('keeps placed notes where they are and flows the others below, three in a row', () => {
    const zone = layoutZone([
      note('p', { x: 40, y: 300 }),
      ...['a', 'b', 'c', 'd'].map((id, at) => note(id, { at })),
    ]);
    expect(zone.places.get('p')).toMatchObject({ x: 40, y: 300, placed: true });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => zone.places.get(id));
    expect(a?.y).toBeGreaterThanOrEqual(300 + NOTE_MIN_HEIGHT);
    expect([b?.y, c?.y]).toEqual([a?.y, a?.y]);
    expect(d?.y).toBeGreaterThan(a?.y ?? 0);
    expect(d?.x).toBe(a?.x);
  });

  it('gives the same layout for any order of the same notes', () => {
    const notes = Array.from({ length: 40 }, (_, i) =>
      note(`n${i}`, { text: 'x '.repeat(i * 3), at: i % 7, group: i % 2 ? 'g' : null }),
    );
    expect(layoutZone([...notes].reverse())).toEqual(layoutZone(notes));
  });

  it('never lets a note hide another that was put on the same spot', () => {
    const zone = layoutZone(['a', 'b', 'c'].map((id) => note(id, { x: 100, y: 100 })));
    const spots = [...zone.places.values()].map(({ x, y }) => `${x},${y}`);
    expect(new Set(spots).size).toBe(3);
  });

  it('flows notes of different heights without overlap', () => {
    const notes = Array.from({ length: 30 }, (_, i) =>
      note(`n${i}`, { at: i, text: 'sana '.repeat((i * 7) % 40) }),
    );
    const places = [...layoutZone(notes).places.values()];
    for (const [i, a] of places.entries()) {
      for (const b of places.slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) >= 200 || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('finds free places beside and below what is there', () => {
    const zone = layoutZone([note('a', { x: 20, y: 20 })]);
    const free = freePlaces(zone, NOTE_MIN_HEIGHT, 3);
    expect(free[0]).toEqual({ x: 240, y: 20 });
    expect(new Set(free.map(({ x, y }) => `${x},${y}`)).size).toBe(3);
  });
});

describe('layout of a board', () => {
  const empty = layoutZone([]);
  const wide = layoutZone([note('far', { x: 1500, y: 20 })]);

  it('puts zones side by side and moves the next one when one grows', () => {
    const specs = [spec('a', 0), spec('b', 1)];
    const at = (a: typeof empty) =>
      layoutBoard(
        specs,
        new Map([
          ['a', a],
          ['b', empty],
        ]),
        new Map(),
      ).zones.get('b')?.x ?? 0;
    expect(at(wide)).toBeGreaterThan(at(empty));
  });

  it('keeps columns and rows of a grid in line', () => {
    const specs = [spec('a', 0, 0), spec('b', 1, 0), spec('c', 0, 1), spec('d', 1, 1)];
    const layouts = new Map([
      ['a', wide],
      ['b', empty],
      ['c', empty],
      ['d', empty],
    ]);
    const board = layoutBoard(specs, layouts, new Map([['d', 90]]));
    expect(board.zones.get('c')?.width).toBe(board.zones.get('a')?.width);
    expect(board.zones.get('c')?.fieldY).toBe(board.zones.get('d')?.fieldY);
    expect(board.zones.get('d')?.x).toBe(board.zones.get('b')?.x);
  });

  it('names the zone at a point, or the nearest', () => {
    const specs = [spec('a', 0), spec('b', 1)];
    const board = layoutBoard(
      specs,
      new Map([
        ['a', empty],
        ['b', empty],
      ]),
      new Map(),
    );
    expect(zoneAt(board, { x: 10, y: 10 })).toBe('a');
    expect(zoneAt(board, { x: board.width + 500, y: -40 })).toBe('b');
  });
});

describe('height of a note', () => {
  it('grows with the text and stops at the limit', () => {
    expect(noteHeight('')).toBe(NOTE_MIN_HEIGHT);
    expect(noteHeight('sana '.repeat(40))).toBeGreaterThan(NOTE_MIN_HEIGHT);
    expect(noteHeight('sana '.repeat(400))).toBe(noteHeight('sana '.repeat(300)));
  });

  it('breaks a word that alone is wider than the note', () => {
    expect(noteHeight('w'.repeat(120))).toBeGreaterThan(noteHeight('w'.repeat(60)));
  });
});
