import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Blanks } from '../blanks';
import { NoteEdits } from '../edits';
import { notesOf, textOf } from '../schema';
import { Undo } from '../undo';

describe('notes that were begun and left empty', () => {
  beforeEach(() => localStorage.clear());

  const doc = new Y.Doc();
  const undo = new Undo(doc, 'b');
  const write = (author: string, text = '') =>
    new NoteEdits(doc, 'b', author, undo).addNotes([{ zone: 'z', color: 'yellow', text }])[0] ?? '';
  const stands = (id: string) => notesOf(doc).get(id)?.get('del') !== true;

  it('are taken off when their browser comes back, and nothing else is', () => {
    const blanks = new Blanks('b', 'me');
    const [blank, written, others, held, ended] = [
      write('me'),
      write('me'),
      write('you'),
      write('me'),
      write('me'),
    ];
    for (const id of [blank, written, others, held, ended, 'unknown']) blanks.begin(id);
    textOf(doc, written)?.insert(0, 'somebody else wrote');
    blanks.end(ended);
    const depth = undo.depth;
    const later = new Blanks('b', 'me');
    later.sweep(doc, 'me', new Set([held]));
    expect([blank, written, others, held, ended].map(stands)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(undo.depth).toBe(depth);
    later.sweep(doc, 'me', new Set());
    expect(stands(held)).toBe(false);
    expect(localStorage).toHaveLength(0);
  });

  it('stay where they were begun in another tab since this page came', () => {
    const here = new Blanks('b', 'me');
    const there = new Blanks('b', 'me');
    const fresh = write('me'); // its first letters and its holder are on their way
    there.begin(fresh);
    here.sweep(doc, 'me', new Set());
    expect(stands(fresh)).toBe(true);
    new Blanks('b', 'me').sweep(doc, 'me', new Set());
    expect(stands(fresh)).toBe(false); // nobody wrote on, and both pages are gone
  });
});
