import { describe, expect, it } from 'vitest';
import { fieldWidth, freePlaces, layoutZone, meet, rightmost } from '../layout';
import { NOTE_MIN_HEIGHT, noteHeight } from '../measure';
import type { Note } from '../../document/schema';

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

const laidOut = (notes: readonly Note[], columns = 3) => layoutZone(notes, new Map(), columns);

describe('layout of a zone', () => {
  it('keeps placed notes where they are and flows the others below, three in a row', () => {
    const zone = laidOut([
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
    expect(laidOut([...notes].reverse())).toEqual(laidOut(notes));
  });

  it('never lets a note hide another that was put on the same spot', () => {
    const zone = laidOut(['a', 'b', 'c'].map((id) => note(id, { x: 100, y: 100 })));
    const spots = [...zone.places.values()].map(({ x, y }) => `${x},${y}`);
    expect(new Set(spots).size).toBe(3);
  });

  it('flows notes of different heights without overlap', () => {
    const notes = Array.from({ length: 30 }, (_, i) =>
      note(`n${i}`, { at: i, text: 'sana '.repeat((i * 7) % 40) }),
    );
    const places = [...laidOut(notes).places.values()];
    for (const [i, a] of places.entries()) {
      for (const b of places.slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) >= 200 || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('finds free places beside and below what is there', () => {
    const zone = laidOut([note('a', { x: 20, y: 20 })]);
    const free = freePlaces(zone, NOTE_MIN_HEIGHT, 3);
    expect(free[0]).toEqual({ x: 240, y: 20 });
    expect(new Set(free.map(({ x, y }) => `${x},${y}`)).size).toBe(3);
  });

  it('finds free places where one looks, and else below', () => {
    const zone = laidOut([note('a', { x: 20, y: 20 })]);
    const seen = { x: 200, y: 900, width: 300, height: 200 };
    const [first, second] = freePlaces(zone, NOTE_MIN_HEIGHT, 2, seen);
    expect(first?.x).toBe(240); // the one column that is whole in sight
    expect(first?.y).toBeGreaterThanOrEqual(seen.y);
    expect(first?.y).toBeLessThan(seen.y + seen.height);
    expect(second?.x).toBe(240);
    expect(second?.y).toBeGreaterThan(first?.y ?? 0);
  });
});

describe('the width of a zone', () => {
  const crowd = (count: number, rest: Partial<Note> = {}) =>
    Array.from({ length: count }, (_, i) => note(`n${i}`, { at: i, ...rest }));

  it('grows downwards only, however many notes there are', () => {
    for (const count of [3, 60, 300]) {
      for (const { x, width } of laidOut(crowd(count)).places.values()) {
        expect(x + width).toBeLessThanOrEqual(fieldWidth(3));
      }
    }
    expect(laidOut(crowd(300)).height).toBeGreaterThan(laidOut(crowd(60)).height);
  });

  it('holds what was put over its edge, and hides nothing under it', () => {
    const zone = laidOut([
      note('at', { x: rightmost(3), y: 40 }),
      note('over', { x: rightmost(3) + 150, y: 60 }),
      note('far', { x: 3000, y: 40 }),
    ]);
    const [at, over, far] = ['at', 'over', 'far'].map((id) => zone.places.get(id));
    expect(at).toMatchObject({ x: rightmost(3), y: 40, placed: true });
    expect(over).toMatchObject({ x: rightmost(3), placed: true });
    expect(over?.y).toBeGreaterThanOrEqual(40 + NOTE_MIN_HEIGHT);
    expect(far).toMatchObject({ placed: false });
    expect(at && over && meet(at, over)).toBe(false);
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
