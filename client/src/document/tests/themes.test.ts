import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BoardState } from '../../replica/board.svelte';
import { NoteEdits } from '../edits';
import { fieldWidth, layoutZone, meet, type ZoneLayout } from '../../layout/layout';
import { layoutOf, notesOf, textOf, themeNameOf, themesOf, type Note, type Theme } from '../schema';
import { BoardStore } from '../store';
import { ThemeEdits } from '../theme-edits';
import { Undo } from '../undo';
import { definition, zone } from '../../workshop/tests/test-definitions';

const BOARD = 'board';
const MAP = definition('notes', { zones: ['left', 'right'].map(zone) });

/** One person's copy of the board; what they write is seen at once. */
function person() {
  const doc = new Y.Doc();
  const store = new BoardStore(doc, BOARD, (flush) => flush());
  const state = new BoardState(store, MAP, () => undefined);
  const undo = new Undo(doc, BOARD);
  const edits = new NoteEdits(doc, BOARD, 'me', undo, () => 1);
  const themes = new ThemeEdits(doc, BOARD, undo);
  const add = (zone = 'left', position?: { x: number; y: number }) =>
    edits.addNotes([{ zone, color: 'yellow', text: 'x', ...(position && { position }) }])[0] ?? '';
  const make = (notes: string[], zone = 'left', position = { x: 40, y: 60 }) =>
    themes.addTheme(notes, { zone, name: '', position });
  return { doc, store, state, undo, edits, themes, add, make };
}

type Person = ReturnType<typeof person>;

function meetUp(...people: Person[]): void {
  for (const from of people)
    for (const to of people) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'remote');
}

/** All that a person sees of notes and themes. */
const seen = ({ store }: Person) => ({
  notes: Object.fromEntries([...store.notes].sort()),
  themes: Object.fromEntries([...store.themes].sort()),
});

describe('a theme', () => {
  it('gives its notes its zone, and takes their own place from them', () => {
    const p = person();
    const [a, b] = [p.add('left', { x: 20, y: 20 }), p.add('right', { x: 20, y: 20 })];
    const theme = p.make([a, b]);
    expect(p.store.themes.get(theme)).toEqual({ id: theme, name: '', zone: 'left', x: 40, y: 60 });
    for (const id of [a, b]) {
      expect(p.store.notes.get(id)).toMatchObject({ theme, zone: 'left', x: null, y: null });
    }
    expect(
      p.state
        .theme(theme)
        ?.items.map(({ id }) => id)
        .sort(),
    ).toEqual([a, b].sort());
    expect(p.state.zone('right')?.items).toEqual([]);
  });

  it('is one step of undo, and undoing keeps what others wrote into its name', () => {
    const [p, other] = [person(), person()];
    const note = p.add('right', { x: 20, y: 30 });
    const { depth } = p.undo;
    const theme = p.make([note]);
    expect(p.undo.depth).toBe(depth + 1);
    meetUp(p, other);
    themeNameOf(other.doc, theme)?.insert(0, 'Kiire');
    meetUp(p, other);
    p.undo.undo();
    expect(p.store.themes.size).toBe(0);
    expect(p.store.notes.get(note)).toMatchObject({ theme: null, zone: 'right', x: 20, y: 30 });
    p.undo.redo();
    expect(p.store.themes.get(theme)?.name).toBe('Kiire');
  });

  it('stands as long as a living note is under it', () => {
    const p = person();
    const note = p.add();
    const theme = p.make([note]);
    p.edits.deleteNotes([note]);
    expect([p.store.themes.size, p.state.theme(theme)]).toEqual([0, null]);
    p.undo.undo();
    expect(p.state.theme(theme)?.items.map(({ id }) => id)).toEqual([note]);
    p.edits.moveNotes([{ id: note, zone: 'left', x: 400, y: 400 }]);
    expect(p.store.themes.size).toBe(0);
    expect(p.store.notes.get(note)).toMatchObject({ theme: null, x: 400 });
  });

  it('moves as one, with one key and one update', () => {
    const p = person();
    const notes = [p.add(), p.add(), p.add()];
    const theme = p.make(notes);
    let updates = 0;
    p.doc.on('update', () => (updates += 1));
    p.themes.moveTheme({ id: theme, zone: 'right', x: 90, y: 80 });
    expect(updates).toBe(1);
    for (const id of notes) {
      expect(p.store.notes.get(id)?.zone).toBe('right');
      expect(notesOf(p.doc).get(id)?.get('zone')).toBe('left');
    }
    expect(p.state.theme(theme)?.place).toMatchObject({ x: 90, y: 80 });
  });

  it('that is moved by menu flows in its new zone', () => {
    const p = person();
    const theme = p.make([p.add()]);
    p.themes.moveToZone(theme, 'right');
    expect(p.store.themes.get(theme)).toMatchObject({ zone: 'right', x: null });
    p.themes.moveToZone(theme, 'right');
    p.undo.undo();
    expect(p.store.themes.get(theme)).toMatchObject({ zone: 'left', x: 40 });
  });

  it('that is taken apart leaves its notes where they were seen, in one step', () => {
    const p = person();
    const [a, b] = [p.add(), p.add()];
    const theme = p.make([a, b]);
    p.themes.moveTheme({ id: theme, zone: 'right', x: 90, y: 80 });
    const { depth } = p.undo;
    const places = [a, b].map((id, i) => ({ id, x: 100 + i, y: 300 }));
    p.themes.deleteTheme(theme, places);
    expect(p.undo.depth).toBe(depth + 1);
    expect(p.store.themes.size).toBe(0);
    expect(p.store.notes.get(a)).toMatchObject({ theme: null, zone: 'right', x: 100, y: 300 });
    p.undo.undo();
    expect(p.store.notes.get(b)).toMatchObject({ theme, zone: 'right', x: null });
  });

  it('lets a note go by menu, also to the zone that is written in the note', () => {
    const p = person();
    const note = p.add('right', { x: 20, y: 20 });
    p.make([note], 'left');
    notesOf(p.doc).get(note)?.set('zone', 'right');
    expect(p.store.notes.get(note)?.zone).toBe('left');
    p.edits.moveToZone([note], 'right');
    expect(p.store.notes.get(note)).toMatchObject({ theme: null, zone: 'right', x: null });
  });

  it('takes no note twice, and nothing that is gone', () => {
    const p = person();
    const [note, gone] = [p.add(), p.add()];
    const theme = p.make([note]);
    p.edits.deleteNotes([gone]);
    const before = Y.encodeStateVector(p.doc);
    p.themes.setTheme([note, gone, 'unknown'], theme);
    p.themes.setTheme([note], 'unknown');
    p.themes.moveTheme({ id: 'unknown', zone: 'left', x: 1, y: 1 });
    p.themes.moveToZone('unknown', 'left');
    p.themes.deleteTheme('unknown', []);
    expect(Y.encodeStateVector(p.doc)).toEqual(before);
  });

  it('that is malformed is none', () => {
    const p = person();
    const note = p.add('left', { x: 1, y: 2 });
    themesOf(p.doc).set('t', new Y.Map(Object.entries({ zone: 'right', name: 'plain' })));
    notesOf(p.doc).get(note)?.set('theme', 't');
    expect(p.store.notes.get(note)).toMatchObject({ theme: null, zone: 'left', x: 1 });
    layoutOf(p.doc, BOARD).set('t', [1, 1]);
    expect(p.store.themes.size).toBe(0);
  });
});

describe('two people at once', () => {
  const both = (act: (a: Person, b: Person, notes: string[], theme: string) => void) => {
    const [a, b] = [person(), person()];
    const notes = [a.add(), a.add(), a.add()];
    const theme = a.make(notes.slice(0, 2));
    meetUp(a, b);
    act(a, b, notes, theme);
    meetUp(a, b);
    expect(seen(a)).toEqual(seen(b));
    expect(a.store.notes.size).toBe(3);
    return { board: a, notes, theme };
  };

  it('one moves the theme while the other puts a note under it: it comes along', () => {
    const { board, notes, theme } = both((a, b, all, id) => {
      a.themes.moveTheme({ id, zone: 'right', x: 5, y: 5 });
      b.themes.setTheme(all, id);
    });
    for (const id of notes)
      expect(board.store.notes.get(id)).toMatchObject({ theme, zone: 'right' });
  });

  it('one takes it apart while the other writes in a note and adds another', () => {
    const { board, notes } = both((a, b, all, id) => {
      a.themes.deleteTheme(id, []);
      textOf(b.doc, all[0] ?? '')?.insert(0, 'oi ');
      b.themes.setTheme(all, id);
    });
    expect(notes.map((id) => board.store.notes.get(id)?.theme)).toEqual([null, null, null]);
    expect(board.store.notes.get(notes[0] ?? '')?.text).toBe('oi x');
  });

  it('both put the same note under another theme: it stands under one of them', () => {
    const { board, notes } = both((a, b, all) => {
      a.make(all.slice(2), 'left');
      b.make(all.slice(2), 'right');
    });
    const note = board.store.notes.get(notes[2] ?? '');
    const theme = board.store.themes.get(note?.theme ?? '');
    expect(theme?.zone).toBe(note?.zone);
    expect(board.store.themes.size).toBe(2);
  });

  it('both write its name: what both wrote is there', () => {
    const { board, theme } = both((a, b, _, id) => {
      themeNameOf(a.doc, id)?.insert(0, 'Kiire');
      themeNameOf(b.doc, id)?.insert(0, 'Työ');
    });
    const name = board.store.themes.get(theme)?.name ?? '';
    expect([name.includes('Kiire'), name.includes('Työ')]).toEqual([true, true]);
  });
});

describe('layout with themes', () => {
  const note = (id: string, rest: Partial<Note> = {}): Note => ({
    id,
    text: 'sana '.repeat(id.length * 5),
    zone: 'z',
    color: 'yellow',
    at: id.length,
    author: null,
    group: null,
    theme: null,
    carried: false,
    x: null,
    y: null,
    ...rest,
  });
  const theme = (id: string, x: number | null = null, y: number | null = null): Theme => ({
    id,
    name: 'Kiire ja keskeytykset työssä',
    zone: 'z',
    x,
    y,
  });
  const under = (id: string, count: number) =>
    Array.from({ length: count }, (_, i) => note(`${id}${i}`, { theme: id, at: i }));
  const themes = (...all: Theme[]) => new Map(all.map((each) => [each.id, each]));

  const blocksOf = (zone: ZoneLayout, loose: readonly string[]) => [
    ...zone.frames.values(),
    ...loose.flatMap((id) => zone.places.get(id) ?? []),
  ];

  it('keeps its notes within its frame, apart from each other, in reading order', () => {
    for (const count of [1, 2, 7, 9, 20]) {
      const zone = layoutZone(under('t', count), themes(theme('t', 300, 200)), 7);
      const frame = zone.frames.get('t');
      if (!frame) throw new Error('expected a frame');
      expect(frame).toMatchObject({ x: 300, y: 200, placed: true });
      const places = zone.order.map((id) => zone.places.get(id) ?? frame);
      for (const [i, place] of places.entries()) {
        expect(place.x).toBeGreaterThanOrEqual(frame.x);
        expect(place.x + place.width).toBeLessThanOrEqual(frame.x + frame.width);
        expect(place.y).toBeGreaterThanOrEqual(frame.y + frame.head);
        expect(place.y + place.height).toBeLessThanOrEqual(frame.y + frame.height);
        expect(places.slice(i + 1).some((other) => meet(place, other))).toBe(false);
      }
    }
  });

  it('lets nothing stand on a frame: notes go aside, frames down, and no farther than needed', () => {
    const notes = [
      ...under('t', 3),
      ...under('u', 2),
      note('left', { x: 280, y: 260 }),
      note('in', { x: 420, y: 300 }),
      note('far', { x: 900, y: 900 }),
      note('edge', { x: 20, y: 20 }),
    ];
    const zone = layoutZone(notes, themes(theme('t', 300, 200), theme('u', 320, 260)), 5);
    const all = blocksOf(zone, ['left', 'in', 'far', 'edge']);
    for (const [i, a] of all.entries()) {
      expect(all.slice(i + 1).some((b) => meet(a, b))).toBe(false);
    }
    expect(zone.places.get('left')).toMatchObject({ x: 300 - 20 - 200, y: 260 });
    expect(zone.places.get('far')).toMatchObject({ x: 900, y: 900 });
    expect(zone.frames.get('t')).toMatchObject({ x: 300, y: 200 });
  });

  it('flows a theme without a place among the unplaced notes, in one piece', () => {
    const notes = [note('p', { x: 20, y: 20 }), note('a'), ...under('t', 4), note('bbbbbb')];
    const zone = layoutZone(notes, themes(theme('t')), 3);
    const all = blocksOf(zone, ['p', 'a', 'bbbbbb']);
    for (const [i, a] of all.entries()) {
      expect(all.slice(i + 1).some((b) => meet(a, b))).toBe(false);
    }
    expect(zone.frames.get('t')?.placed).toBe(false);
    expect(zone.height).toBeGreaterThanOrEqual(Math.max(...all.map((b) => b.y + b.height)));
    expect(fieldWidth(3)).toBeGreaterThanOrEqual(Math.max(...all.map((b) => b.x + b.width)));
  });

  it('is the same for any order of the same notes and themes', () => {
    const notes = [...under('t', 5), ...under('u', 3), note('a', { x: 60, y: 80 }), note('bb')];
    const [t, u] = [theme('t', 40, 60), theme('u', 60, 90)];
    expect(layoutZone([...notes].reverse(), themes(u, t), 3)).toEqual(
      layoutZone(notes, themes(t, u), 3),
    );
  });
});
