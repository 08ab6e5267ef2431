/** Reading order of a zone's notes, the twin of boards/order.py (vectors: tests/vectors/order.json). */

/** Notes whose tops lie within one band of this height are read from left to right. */
const BAND = 120;

export interface Placed {
  readonly x: number | null;
  readonly y: number | null;
}

export interface Ordered extends Placed {
  readonly id: string;
  readonly group: string | null;
  readonly at: number;
  readonly theme: string | null;
}

type Key = readonly (string | number)[];

/**
 * Placed notes and themes by band, x, y, id; after them the unplaced notes by group, creation, id.
 * A theme's notes are read together; one without a place stands where the first of them would.
 */
export function readingOrder<N extends Ordered>(
  notes: Iterable<N>,
  themes: ReadonlyMap<string, Placed> = new Map(),
): N[] {
  const all = Array.from(notes, (note) => ({ note, key: keyOf(note) }));
  const heads = headsOf(all, themes);
  return all
    .map(({ note, key }) => ({ note, key, head: heads.get(note.theme ?? '') ?? key }))
    .sort((a, b) => compareKeys(a.head, b.head) || compareKeys(a.key, b.key))
    .map(({ note }) => note);
}

/** Where each theme is read. */
function headsOf(
  notes: readonly { readonly note: Ordered; readonly key: Key }[],
  themes: ReadonlyMap<string, Placed>,
): Map<string, Key> {
  const heads = new Map<string, Key>();
  for (const { note, key } of notes) {
    if (note.theme === null) continue;
    const own = placedKey(note.theme, themes.get(note.theme)) ?? key;
    const before = heads.get(note.theme);
    if (!before || compareKeys(own, before) < 0) heads.set(note.theme, own);
  }
  return heads;
}

function keyOf(note: Ordered): Key {
  const placed = note.theme === null ? placedKey(note.id, note) : null;
  return placed ?? [1, note.group ?? '', note.at, note.id];
}

function placedKey(id: string, place: Placed | undefined): Key | null {
  if (!place || place.x === null || place.y === null) return null;
  return [0, Math.floor(place.y / BAND), place.x, place.y, id];
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
