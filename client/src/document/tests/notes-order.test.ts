import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { NoteEdits } from '../edits';
import { readingOrder } from '../order';
import { BoardStore } from '../store';
import { Undo } from '../undo';

it('notes that are made at once are read in the order in which they were given', () => {
  const doc = new Y.Doc();
  const store = new BoardStore(doc, 'b');
  const edits = new NoteEdits(doc, 'b', 'p', new Undo(doc, 'b'), () => 1000);
  const lines = Array.from({ length: 12 }, (_, line) => `line ${line}`);
  edits.addNotes(lines.map((text) => ({ zone: 'z', color: 'yellow', text })));
  store.flush();
  expect(readingOrder(store.notes.values()).map(({ text }) => text)).toEqual(lines);
});
