import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { toasts } from '../../browser/toasts.svelte';
import { giveDot } from '../dots';
import { NoteEdits } from '../../document/edits';
import type { BoardSession } from '../session.svelte';
import { Undo } from '../../document/undo';
import type { Voting } from '../../workshop/desk';
import { byDots, Votes } from '../../replica/votes.svelte';
import { votesOf } from '../../document/schema';

const OPEN: Voting = { dots: 3, hidden: false, open: true };

function person(name: string, doc = new Y.Doc()) {
  const undo = new Undo(doc, 'b');
  const edits = new NoteEdits(doc, 'b', name, undo, () => 1);
  const add = () => edits.addNotes([{ zone: 'z', color: 'yellow', text: 'x' }])[0] ?? '';
  return { doc, undo, edits, add, votes: new Votes(doc, name) };
}

describe('dots', () => {
  it('are given and taken back, and no more than there are', () => {
    const me = person('me');
    const [a, b] = [me.add(), me.add()];
    expect([a, a, b, b].map((note) => me.votes.give(note, OPEN))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([me.votes.own.get(a), me.votes.own.get(b), me.votes.left(OPEN)]).toEqual([2, 1, 0]);
    expect(me.votes.takeBack(b, OPEN)).toBe(true);
    expect(me.votes.takeBack(b, OPEN)).toBe(false);
    expect([...votesOf(me.doc).keys()]).toEqual([`${a}/me`]);
    expect(me.votes.left(OPEN)).toBe(1);
  });

  it('stay as they are while voting is closed', () => {
    const me = person('me');
    const note = me.add();
    me.votes.give(note, OPEN);
    const closed = { ...OPEN, open: false };
    expect([me.votes.give(note, closed), me.votes.takeBack(note, closed)]).toEqual([false, false]);
    expect(me.votes.give('nowhere', OPEN)).toBe(false);
    expect(me.votes.own.get(note)).toBe(1);
  });

  it('of all people add up, and garbage counts for nothing', () => {
    const me = person('me');
    const note = me.add();
    me.votes.give(note, OPEN);
    const odd = {
      [`${note}/a`]: 2,
      [`${note}/b`]: -1,
      [`${note}/c`]: 'x',
      note: 3,
      [`${note}/`]: 1,
    };
    for (const [key, value] of Object.entries(odd)) votesOf(me.doc).set(key, value);
    expect([me.votes.all.get(note), me.votes.own.get(note)]).toEqual([3, 1]);
  });

  it('on a deleted note are their voter’s again, and undo leaves dots alone', () => {
    const me = person('me');
    const [a, b] = [me.add(), me.add()];
    me.votes.give(a, OPEN);
    me.votes.give(b, OPEN);
    me.edits.deleteNotes([a]);
    expect([me.votes.left(OPEN), me.votes.all.has(a)]).toEqual([2, false]);
    me.undo.undo();
    expect([me.votes.left(OPEN), me.votes.own.get(b)]).toEqual([1, 1]);
  });

  it('that are not given are told in sight', () => {
    const me = person('me');
    const note = me.add();
    const { votes } = me;
    const session = { voting: () => OPEN, votes, mayWrite: true, reason: null, status: 'saved' };
    const give = (now: object) => {
      giveDot({ ...session, ...now } as unknown as BoardSession, note);
      return toasts.all.map(({ text }) => text);
    };
    expect(give({})).toEqual([]);
    expect(give({ status: 'offline' })).toEqual(['votes.offline']);
    expect(give({ voting: () => ({ ...OPEN, open: false }) })).toEqual(['votes.closed']);
    expect(give({ voting: () => ({ ...OPEN, dots: 1 }) })).toEqual(['votes.none-left']);
    expect(votes.own.get(note)).toBe(1);
  });

  it('sort notes by number, else in the order they were in', () => {
    const notes = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
    const dots = new Map([
      ['b', 1],
      ['d', 4],
      ['c', 1],
    ]);
    expect(byDots(notes, dots).map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
  });
});
