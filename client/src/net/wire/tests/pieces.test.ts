/** What waits is cut into updates that the server takes (rules IN3, IN10). */
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { NoteEdits } from '../../../document/edits';
import { layoutOf, notesOf } from '../../../document/schema';
import { Undo } from '../../../document/undo';
import type { Edit } from '../ledger';
import { fitsAnswer, nextPiece, NOTHING, parts } from '../pieces';
import { textsOf } from '../texts';

const BOARD = 'board';

/** A document and the edits that are made in it. */
function writer(base?: Uint8Array) {
  const doc = new Y.Doc();
  if (base) Y.applyUpdate(doc, base);
  const edits: Edit[] = [];
  doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }) => {
    if (local) edits.push({ key: String(edits.length), update, about: [] });
  });
  const undo = new Undo(doc, BOARD);
  return { doc, edits, undo, notes: new NoteEdits(doc, BOARD, 'person', undo) };
}

function contents(doc: Y.Doc): string {
  const roots = [notesOf(doc), layoutOf(doc, BOARD)].map((root) => [...root].sort());
  return JSON.stringify(roots.map((entries) => entries.map(([id, one]) => [id, plain(one)])));
}

function plain(value: unknown): unknown {
  return value instanceof Y.Map ? Object.entries(value.toJSON()).sort() : value;
}

function manyNotes(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    zone: 'z',
    color: 'yellow' as const,
    text: `Muistiinpano ${i}`,
    position: { x: i, y: i },
  }));
}

/** Every update in pieces, as they are sent. */
function* piecesOf(edits: readonly Edit[]): Generator<Uint8Array> {
  for (let rest = edits; rest.length > 0;) {
    const { updates, edits: taken } = nextPiece(rest);
    yield* updates;
    rest = rest.slice(taken.length);
  }
}

/** Bounds of one live update: docs/protocol.md, IN3. */
function expectSmall(update: Uint8Array): void {
  const { structs, ds } = Y.decodeUpdate(update);
  expect(update.length).toBeLessThan(256 << 10);
  expect(structs.length).toBeLessThanOrEqual(1_000);
  expect(new Set(structs.map(({ id }) => id.client)).size).toBeLessThanOrEqual(4);
  const ranges = [...ds.clients.values()].reduce((n, each) => n + each.length, 0);
  expect(ranges).toBeLessThanOrEqual(20_000);
}

/** Apply pieces one by one: none waits for a later one, and every note has a text at once. */
function expectToStand(pieces: Iterable<Uint8Array>, doc: Y.Doc): void {
  for (const piece of pieces) {
    expectSmall(piece);
    Y.applyUpdate(doc, piece);
    expect(doc.store.pendingStructs).toBeNull();
    expect(doc.store.pendingDs).toBeNull();
    expect([...notesOf(doc).values()].every((note) => note.has('text'))).toBe(true);
  }
}

describe('pieces', { timeout: 60_000 }, () => {
  it('cuts what a large board, duplicated, recoloured, deleted and undone, sends in one go', () => {
    const { doc, edits, notes, undo } = writer();
    const ids = notes.addNotes(manyNotes(600));
    notes.recolour(ids, 'blue');
    notes.deleteNotes(ids);
    undo.undo();
    undo.undo();
    expect(edits.some(({ update }) => Y.decodeUpdate(update).structs.length > 3_000)).toBe(true);
    const copy = new Y.Doc();
    expectToStand(piecesOf(edits), copy);
    expect(contents(copy)).toBe(contents(doc));
  });

  it('merges an hour of typing offline into few pieces', () => {
    const { doc, edits, notes } = writer();
    const [id = ''] = notes.addNotes(manyNotes(1));
    const text = notesOf(doc).get(id)?.get('text') as Y.Text;
    for (let i = 0; i < 2_000; i += 1) text.insert(text.length, 'å');
    for (let i = 0; i < 500; i += 1) text.delete(i, 1);
    const pieces = [...piecesOf(edits)];
    expect(pieces.length).toBeLessThan(20);
    const copy = new Y.Doc();
    expectToStand(pieces, copy);
    expect(contents(copy)).toBe(contents(doc));
  });

  it('keeps few clients in a piece, however often the page was loaded anew', () => {
    const copy = new Y.Doc();
    let edits: Edit[] = [];
    let base: Uint8Array | undefined;
    for (let i = 0; i < 9; i += 1) {
      const one = writer(base);
      one.notes.addNotes(manyNotes(1));
      base = Y.encodeStateAsUpdate(one.doc);
      edits = [...edits, ...one.edits];
    }
    expectToStand(piecesOf(edits), copy);
    expect(notesOf(copy).size).toBe(9);
  });

  it('leaves alone what is small, and knows what is too much for an answer', () => {
    const { doc, edits, notes } = writer();
    notes.addNotes(manyNotes(2));
    expect(parts(edits[0]?.update ?? NOTHING)).toEqual([edits[0]?.update]);
    expect(fitsAnswer(NOTHING)).toBe(true);
    expect(fitsAnswer(Y.encodeStateAsUpdate(doc))).toBe(true);
    notes.addNotes(manyNotes(600));
    expect(fitsAnswer(Y.encodeStateAsUpdate(doc))).toBe(false);
  });
});

describe('own words', () => {
  it('reads what was written out of updates, as it stood in the end', () => {
    const { edits, doc, notes } = writer();
    const [one = '', two = ''] = notes.addNotes(manyNotes(2).map((n) => ({ ...n, text: '' })));
    for (const id of [one, two]) {
      const text = notesOf(doc).get(id)?.get('text') as Y.Text;
      for (const letter of 'Hyvä ide') text.insert(text.length, letter);
      text.insert(5, 'uusi ');
      text.insert(text.length, 'oo');
      text.delete(text.length - 1, 1);
    }
    expect(textsOf(edits.map(({ update }) => update))).toEqual([
      'Hyvä uusi ideo',
      'Hyvä uusi ideo',
    ]);
  });

  it('tells words that went into others’ texts by themselves, and nothing of what was deleted', () => {
    const base = writer();
    const [id = ''] = base.notes.addNotes(manyNotes(1));
    const mine = writer(Y.encodeStateAsUpdate(base.doc));
    const text = notesOf(mine.doc).get(id)?.get('text') as Y.Text;
    text.insert(3, 'tärkeä');
    text.insert(text.length, 'lopuksi');
    text.insert(0, 'pois');
    text.delete(0, 4);
    expect(textsOf(mine.edits.map(({ update }) => update))).toEqual(['tärkeä', 'lopuksi']);
  });
});
