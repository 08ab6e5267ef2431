import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { NoteEdits } from '../edits';
import { layoutOf, notesOf, textOf } from '../schema';
import { BoardStore } from '../store';
import { Undo } from '../undo';
import { LIMITS } from '../../text/limits';

const BOARD = 'board';

/** One person's copy of the board: document, store, undo and verbs; frames come when told. */
function person(name = 'p') {
  const doc = new Y.Doc();
  const frames: (() => void)[] = [];
  const store = new BoardStore(doc, BOARD, (flush) => frames.push(flush));
  const undo = new Undo(doc, BOARD);
  const edits = new NoteEdits(doc, BOARD, name, undo, () => 1000);
  const frame = () => frames.splice(0).forEach((flush) => flush());
  const add = (zone = 'challenges', text = 'hei', position?: { x: number; y: number }) => {
    const [id] = edits.addNotes([{ zone, color: 'yellow', text, ...(position && { position }) }]);
    frame();
    return id ?? '';
  };
  return { doc, store, undo, edits, frame, add };
}

type Person = ReturnType<typeof person>;

function meet(...people: Person[]): void {
  for (const from of people) {
    for (const to of people) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'remote');
  }
  for (const one of people) one.frame();
}

describe('what the server puts right', () => {
  it('breaks no undo: a note that could not stay is gone, and steps before it can be taken back', () => {
    const p = person();
    const kept = p.add('challenges', 'jää');
    const lost = p.add('challenges', 'ei mahdu');
    p.edits.recolour([lost], 'blue');
    const server = new Y.Doc();
    Y.applyUpdate(server, Y.encodeStateAsUpdate(p.doc));
    notesOf(server).delete(lost);
    Y.applyUpdate(p.doc, Y.encodeStateAsUpdate(server), 'remote');
    p.frame();
    for (let i = 0; i < 5; i += 1) p.undo.undo();
    expect(p.undo.canUndo).toBe(false);
    for (let i = 0; i < 5; i += 1) p.undo.redo();
    p.frame();
    expect([...p.store.notes.keys()]).toEqual([kept]);
    expect(notesOf(p.doc).has(lost)).toBe(false);
  });

  it('is not asked for where the board has no room', () => {
    const p = person();
    p.doc.transact(() => {
      for (let i = 0; i < LIMITS.notes; i += 1) notesOf(p.doc).set(`${i}`, new Y.Map());
    });
    expect(p.edits.addNotes([{ zone: 'z', color: 'yellow' }])).toEqual([]);
    expect(notesOf(p.doc).size).toBe(LIMITS.notes);
  });
});

describe('store', () => {
  it('tells once per frame which notes changed, and keeps unchanged ones as they were', () => {
    const p = person();
    const [a, b] = [p.add(), p.add()];
    const before = p.store.notes.get(b);
    const told: string[][] = [];
    p.store.subscribe((ids) => told.push([...ids]));
    p.edits.recolour([a], 'blue');
    p.edits.retext(a, 'moi');
    expect(told).toEqual([]);
    p.frame();
    expect(told).toEqual([[a]]);
    expect(p.store.notes.get(a)).toMatchObject({ color: 'blue', text: 'moi' });
    expect(p.store.notes.get(b)).toBe(before);
  });

  it('reads what others wrote before it was there, and tolerates what is no note', () => {
    const doc = new Y.Doc();
    const notes = notesOf(doc);
    notes.set('good', new Y.Map(Object.entries({ zone: 'z', text: new Y.Text('hei') })));
    notes.set('odd', 5 as unknown as Y.Map<unknown>);
    notes.set('zoneless', new Y.Map(Object.entries({ text: new Y.Text('x') })));
    notes.set('textless', new Y.Map(Object.entries({ zone: 'z', text: 'plain' })));
    layoutOf(doc, BOARD).set('good', [-50, 1e9]);
    const store = new BoardStore(doc, BOARD);
    expect([...store.notes.keys()]).toEqual(['good']);
    expect(store.notes.get('good')).toMatchObject({
      x: -50,
      y: 100_000,
      color: 'yellow',
      author: null,
    });
  });

  it('does not tell when nothing visible changed', () => {
    const p = person();
    const id = p.add();
    let told = 0;
    p.store.subscribe(() => (told += 1));
    notesOf(p.doc).get(id)?.set('color', 'yellow');
    p.frame();
    expect(told).toBe(0);
  });
});

describe('edits', () => {
  it('make a note with its author, time, zone and place', () => {
    const p = person('me');
    const id = p.add('inspirations', 'hei', { x: 30.4, y: -9 });
    expect(p.store.notes.get(id)).toEqual({
      id,
      text: 'hei',
      zone: 'inspirations',
      color: 'yellow',
      at: 1000,
      author: 'me',
      group: null,
      theme: null,
      carried: false,
      x: 30,
      y: 0,
    });
  });

  it('write zone and place in one transaction', () => {
    const p = person();
    const id = p.add();
    let updates = 0;
    p.doc.on('update', () => (updates += 1));
    p.edits.moveNotes([{ id, zone: 'inspirations', x: 7, y: 8 }]);
    p.frame();
    expect(updates).toBe(1);
    expect(p.store.notes.get(id)).toMatchObject({ zone: 'inspirations', x: 7, y: 8 });
  });

  it('let a note that is moved by menu flow in its new zone', () => {
    const p = person();
    const id = p.add('challenges', 'x', { x: 1, y: 1 });
    p.edits.moveToZone([id], 'inspirations');
    p.frame();
    expect(p.store.notes.get(id)).toMatchObject({ zone: 'inspirations', x: null });
  });

  it('delete softly: what another writes meanwhile is kept and comes back', () => {
    const [a, b] = [person(), person()];
    const id = a.add();
    meet(a, b);
    a.edits.deleteNotes([id]);
    textOf(b.doc, id)?.insert(3, ' vaan');
    meet(a, b);
    expect(b.store.notes.has(id)).toBe(false);
    a.undo.undo();
    meet(a, b);
    expect(b.store.notes.get(id)?.text).toBe('hei vaan');
  });

  it('do nothing to notes that are gone', () => {
    const p = person();
    const id = p.add();
    p.edits.deleteNotes([id, 'unknown']);
    const before = Y.encodeStateVector(p.doc);
    p.edits.moveNotes([{ id: 'unknown', zone: 'z', x: 1, y: 1 }]);
    p.edits.recolour([id, 'unknown'], 'blue');
    p.edits.moveToZone([id, 'unknown'], 'z');
    p.edits.retext('unknown', 'x');
    expect(Y.encodeStateVector(p.doc)).toEqual(before);
  });
});

describe('undo', () => {
  it('hides a created note and never destroys what others wrote into it', () => {
    const [a, b] = [person(), person()];
    const id = a.add();
    meet(a, b);
    const text = textOf(a.doc, id);
    textOf(b.doc, id)?.insert(0, 'oi ');
    a.undo.undo();
    meet(a, b);
    expect(b.store.notes.has(id)).toBe(false);
    a.undo.redo();
    meet(a, b);
    expect(textOf(a.doc, id)).toBe(text);
    expect(b.store.notes.get(id)?.text).toBe('oi hei');
  });

  it('takes back own steps only, one at a time', () => {
    const [a, b] = [person(), person()];
    const id = a.add();
    meet(a, b);
    a.edits.recolour([id], 'blue');
    a.edits.moveNotes([{ id, zone: 'inspirations', x: 5, y: 5 }]);
    meet(a, b);
    b.edits.recolour([id], 'pink');
    const other = b.add();
    meet(a, b);
    a.undo.undo();
    a.frame();
    expect(a.store.notes.get(id)).toMatchObject({ zone: 'challenges', x: null, color: 'pink' });
    a.undo.undo();
    a.undo.undo();
    a.frame();
    expect(a.undo.canUndo).toBe(false);
    expect([...a.store.notes.keys()]).toEqual([other]);
  });

  it('rewinds a note that was begun and left empty, as if it had never been', () => {
    const p = person();
    const kept = p.add();
    const depth = p.undo.depth;
    const id = p.add('challenges', '');
    p.undo.rewind(depth);
    p.frame();
    expect(p.store.notes.has(id)).toBe(false);
    expect(p.undo.canRedo).toBe(false);
    expect(p.undo.depth).toBe(depth);
    expect(p.store.notes.has(kept)).toBe(true);
  });
});
