import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { NoteEdits } from '../edits';
import { textOf } from '../schema';
import { TextBinding } from '../text-binding';
import { beginsStep, typedBy, type Typed } from '../typing-steps';
import { Undo } from '../undo';

/** The pieces in which undo takes back what was typed letter by letter; `<` deletes one. */
function pieces(keys: string): string[] {
  let text = '';
  let last: Typed | null = null;
  const found: string[] = [];
  for (const key of keys) {
    const splice =
      key === '<'
        ? { index: text.length - 1, remove: 1, insert: '' }
        : { index: text.length, remove: 0, insert: key };
    const begins = beginsStep(text, splice, last);
    if (begins) found.push('');
    found.push((found.pop() ?? '') + key);
    last = typedBy(splice, begins ? null : last);
    text = text.slice(0, splice.index) + splice.insert;
  }
  return found;
}

describe('a step of undo', () => {
  it('is a word with what follows it', () => {
    expect(pieces('hyvä idea, eikö')).toEqual(['hyvä ', 'idea, ', 'eikö']);
    expect(pieces('yksi\nkaksi')).toEqual(['yksi\n', 'kaksi']);
    expect(pieces(' lisää tähän')).toEqual([' lisää ', 'tähän']);
  });

  it('is a row of deletions, or of letters', () => {
    expect(pieces('ab<<cd')).toEqual(['ab', '<<', 'cd']);
  });

  it('begins where the hand goes elsewhere, and with what comes at once', () => {
    const last = { deletes: false, end: 5, inked: true };
    expect(beginsStep('alku loppu', { index: 2, remove: 0, insert: 'x' }, last)).toBe(true);
    expect(beginsStep('alku ', { index: 5, remove: 0, insert: 'pasted' }, last)).toBe(true);
    expect(beginsStep('alkux', { index: 5, remove: 0, insert: 'x' }, last)).toBe(false);
  });
});

/** A note being written, and the verbs beside it. */
function desk() {
  const doc = new Y.Doc();
  const undo = new Undo(doc, 'board');
  const edits = new NoteEdits(doc, 'board', 'me', undo, () => 1000);
  const [id = '', other = ''] = edits.addNotes(
    ['', 'muu'].map((text) => ({ zone: 'z', color: 'yellow' as const, text })),
  );
  const field = document.createElement('textarea');
  document.body.append(field);
  const find = () => textOf(doc, id);
  new TextBinding({ field, doc, find, limit: 100, steps: undo });
  const type = (keys: string) => {
    for (const key of keys) {
      field.value += key;
      field.setSelectionRange(field.value.length, field.value.length);
      field.dispatchEvent(new Event('input'));
    }
  };
  const press = (key: string) => {
    const init = { key, ctrlKey: true, bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent('keydown', init));
    return field.value;
  };
  return { doc, edits, undo, field, type, press, id, other };
}

describe('undo in a field', () => {
  it('takes back and gives again word by word, and stops where the field began', () => {
    const { type, press, undo, edits, other, doc } = desk();
    edits.retext(other, 'toinen');
    type('yksi kaksi kolme');
    expect([press('z'), press('z')]).toEqual(['yksi kaksi ', 'yksi ']);
    expect(press('y')).toBe('yksi kaksi ');
    expect([press('z'), press('z'), press('z'), press('z')]).toEqual(['yksi ', '', '', '']);
    expect(textOf(doc, other)?.toString()).toBe('toinen');
    expect([press('y'), press('y'), press('y'), press('y')].at(-1)).toBe('yksi kaksi kolme');
    expect(undo.canUndo).toBe(true);
  });

  it('is one step when the field is left', () => {
    const { doc, type, undo, edits, id, other } = desk();
    edits.retext(other, 'toinen');
    const { depth } = undo;
    type('yksi kaksi kolme');
    expect(undo.depth).toBe(depth + 3);
    undo.join(depth);
    undo.undo();
    expect(textOf(doc, id)?.toString()).toBe('');
    expect(textOf(doc, other)?.toString()).toBe('toinen');
    undo.redo();
    expect(textOf(doc, id)?.toString()).toBe('yksi kaksi kolme');
  });

  it('goes past no other doing', () => {
    const { type, press, edits, id, other, doc } = desk();
    type('oma');
    edits.retext(other, 'siirretty');
    expect(press('z')).toBe('oma');
    expect(textOf(doc, other)?.toString()).toBe('siirretty');
    expect(textOf(doc, id)?.toString()).toBe('oma');
  });

  it('leaves out what others have deleted already', () => {
    const { doc, type, press, edits, id, other } = desk();
    edits.retext(other, 'toinen');
    type('yksi kaksi');
    doc.transact(() => textOf(doc, id)?.delete(0, 10), 'remote');
    expect(press('z')).toBe('');
    expect(textOf(doc, other)?.toString()).toBe('toinen');
  });
});
