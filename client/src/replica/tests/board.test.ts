import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BoardState } from '../board.svelte';
import { NoteEdits } from '../../document/edits';
import { BoardStore } from '../../document/store';
import { Undo } from '../../document/undo';
import { definition, row, text, zone } from '../../workshop/tests/test-definitions';
import { zonesOf } from '../../layout/zones';

const MAP = definition('notes', { zones: ['left', 'right'].map(zone) });

function open() {
  const doc = new Y.Doc();
  const store = new BoardStore(doc, 'b', (flush) => flush());
  const gone: string[] = [];
  const state = new BoardState(store, MAP, (ids) => gone.push(...ids));
  const edits = new NoteEdits(doc, 'b', 'me', new Undo(doc, 'b'), () => 1);
  const add = (zone: string, words = 'x') =>
    edits.addNotes([{ zone, color: 'yellow', text: words }])[0] ?? '';
  const shown = (zone: string) => state.zone(zone)?.items.map(({ id }) => id);
  return { state, edits, add, shown, gone };
}

describe('the board as it is drawn', () => {
  it('shows each note once, in its zone, and keeps its item when it moves', () => {
    const board = open();
    const id = board.add('left');
    const item = board.state.item(id);
    board.edits.moveNotes([{ id, zone: 'right', x: 40, y: 40 }]);
    expect([board.shown('left'), board.shown('right')]).toEqual([[], [id]]);
    expect(board.state.item(id)).toBe(item);
    expect(item?.place).toMatchObject({ x: 40, y: 40, placed: true });
    expect(board.state.count).toBe(1);
  });

  it('leaves the items of an unchanged zone alone', () => {
    const board = open();
    board.add('left');
    const before = board.state.zone('left')?.items;
    board.add('right');
    expect(board.state.zone('left')?.items).toBe(before);
  });

  it('shows a note of a zone this board does not have in the first one', () => {
    const board = open();
    const id = board.add('elsewhere');
    expect(board.shown('left')).toEqual([id]);
  });

  it('tells which notes leave while they can still be found', () => {
    const board = open();
    const id = board.add('left');
    board.edits.deleteNotes([id]);
    expect(board.gone).toEqual([id]);
    expect(board.state.item(id)).toBeNull();
    expect(board.shown('left')).toEqual([]);
  });

  it('ends what somebody else shows of a drag when the note has its new place', () => {
    const board = open();
    const id = board.add('left');
    const item = board.state.item(id);
    if (!item) throw new Error('expected a note');
    item.offset = { x: 30, y: 0 };
    board.edits.moveNotes([{ id, zone: 'left', x: 300, y: 20 }]);
    expect(item.offset).toBeNull();
  });
});

describe('zones of a board', () => {
  it('stand beside each other on a notes board', () => {
    expect(zonesOf(MAP).map(({ id, row, column }) => [id, row, column])).toEqual([
      ['left', 0, 0],
      ['right', 0, 1],
    ]);
  });

  it('are rows of columns on a grid board, named by both', () => {
    const rows = ['tools', 'rules'].map((id) => row(id));
    const grid = zonesOf(definition('grid', { columns: ['from', 'to'].map(zone), rows }));
    expect(grid.map(({ id }) => id)).toEqual(['tools/from', 'tools/to', 'rules/from', 'rules/to']);
    expect(grid[1]).toMatchObject({ title: text('tools – to'), row: 0, column: 1 });
    expect(grid.map(({ prompt }) => prompt?.en)).toEqual(['from?', 'to?', 'from?', 'to?']);
  });
});
