/** Reading order of a zone's notes, the twin of boards/order.py (vectors: tests/vectors/order.json). */

/** Notes whose tops lie within one band of this height are read from left to right. */
const BAND = 120;

export interface Ordered {
  readonly id: string;
  readonly x: number | null;
  readonly y: number | null;
  readonly group: string | null;
  readonly at: number;
}

type Key = readonly (string | number)[];

/** Placed notes by band, x, y, id; after them the unplaced by group, creation, id. */
export function readingOrder<N extends Ordered>(notes: Iterable<N>): N[] {
  return Array.from(notes, (note) => ({ note, key: keyOf(note) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ note }) => note);
}

function keyOf(note: Ordered): Key {
  if (note.x === null || note.y === null) return [1, note.group ?? '', note.at, note.id];
  return [0, Math.floor(note.y / BAND), note.x, note.y, note.id];
}

function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < a.length; i += 1) {
    const left = a[i];
    const right = b[i];
    if (left === undefined || right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}
