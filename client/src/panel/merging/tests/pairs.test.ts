import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { NoteEdits } from '../../../document/edits';
import { BoardStore } from '../../../document/store';
import { ThemeEdits } from '../../../document/theme-edits';
import { Undo } from '../../../document/undo';
import { standingOf, type Ids } from '../pairs';

function board() {
  const doc = new Y.Doc();
  const store = new BoardStore(doc, 'board', (flush) => flush());
  const undo = new Undo(doc, 'board');
  const edits = new NoteEdits(doc, 'board', 'me', undo, () => 1);
  const themes = new ThemeEdits(doc, 'board', undo);
  const note = () => edits.addNotes([{ zone: 'left', color: 'yellow', text: 'x' }])[0] ?? '';
  const pair: Ids = [note(), note()];
  return { store, edits, themes, pair };
}

describe('a pair of likely duplicates', () => {
  it('stands as the board says, whatever was decided', () => {
    const { store, themes, pair } = board();
    const before = [null, null] as const;
    expect(standingOf({ store }, pair, undefined)).toEqual({ how: 'open' });
    expect(standingOf({ store }, pair, { how: 'apart' })).toEqual({ how: 'apart' });
    // Somebody took it apart again.
    expect(standingOf({ store }, pair, { how: 'together', before })).toEqual({ how: 'open' });
    themes.addTheme([...pair], { zone: 'left', name: ' Kiire ' });
    const together = { how: 'together', theme: 'Kiire' };
    expect(standingOf({ store }, pair, undefined)).toEqual(together);
    expect(standingOf({ store }, pair, { how: 'apart' })).toEqual(together);
  });

  it('is none any more when one of the notes is gone', () => {
    const { store, edits, pair } = board();
    edits.deleteNotes([pair[1]]);
    expect(standingOf({ store }, pair, undefined)).toEqual({ how: 'gone' });
  });
});
