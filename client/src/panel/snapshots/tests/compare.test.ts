import { describe, expect, it } from 'vitest';
import type { Board, Note } from '../../../workshop/api-types';
import { isSame, linesOf, sectionsOf, since } from '../compare';

const note = (id: string, more: Partial<Note> = {}): Note => ({
  id,
  zone: 'one',
  text: id,
  color: 'yellow',
  group: null,
  author: null,
  theme: null,
  at: 0,
  position: null,
  votes: 0,
  carried: false,
  ...more,
});

const board = (notes: Note[], more: Partial<Board> = {}): Board => ({
  id: 'board',
  kind: 'notes',
  key: 'phenomena',
  notes,
  themes: [],
  links: [],
  answers: {},
  experiments: [],
  ...more,
});

const ids = (notes: readonly Note[]) => notes.map(({ id }) => id);

describe('what has become of a board since a snapshot', () => {
  it('is nothing where all stands as it stood, though dots and places differ', () => {
    const now = board([note('a', { votes: 2, position: [1, 2] })]);
    expect(isSame(since(board([note('a')]), now))).toBe(true);
  });

  it('tells what came, went, was changed and was moved', () => {
    const before = board([note('stays'), note('goes'), note('reads'), note('moves'), note('both')]);
    const now = board([
      note('stays'),
      note('reads', { text: 'otherwise' }),
      note('moves', { zone: 'two' }),
      note('both', { theme: 't', color: 'pink' }),
      note('comes'),
    ]);
    const found = since(before, now);
    expect(ids(found.added)).toEqual(['comes']);
    expect(ids(found.deleted)).toEqual(['goes']);
    expect(ids(found.changed)).toEqual(['reads', 'both']);
    expect(ids(found.moved)).toEqual(['moves']);
    expect(isSame(found)).toBe(false);
  });

  it('counts answers that read otherwise, and an empty one is none', () => {
    const before = board([], { answers: { why: 'so', how: '' } });
    const now = board([], { answers: { why: 'or so', who: '' } });
    expect(since(before, now).answers).toBe(1);
  });

  it('counts experiments that are new, gone or changed', () => {
    const experiment = (id: string, what: string) => ({
      id,
      at: 0,
      group: null,
      fields: { what },
      checks: [],
      crossed: false,
    });
    const before = board([], { experiments: [experiment('a', 'walk'), experiment('b', 'rest')] });
    const now = board([], { experiments: [experiment('a', 'run'), experiment('c', 'rest')] });
    expect(since(before, now).experiments).toBe(3);
  });

  it('stands line by line, with how it was, under what they have in common', () => {
    const before = board([note('goes', { zone: 'two' }), note('reads'), note('moves')]);
    const now = board([
      note('reads', { text: 'otherwise', group: 'g' }),
      note('moves', { zone: 'two', author: 'p' }),
      note('comes', { zone: 'away' }),
    ]);
    const lines = linesOf(before, since(before, now));
    expect(lines.map(({ mark, note: { id }, was }) => [mark, id, was?.text ?? null])).toEqual([
      ['added', 'comes', null],
      ['changed', 'reads', 'reads'],
      ['moved', 'moves', 'moves'],
      ['deleted', 'goes', null],
    ]);
    const by = (way: 'zone' | 'group' | 'author', order: string[] = []) =>
      sectionsOf(lines, (each) => each[way], order).map(({ key, lines: own }) => [
        key,
        ids(own.map((line) => line.note)),
      ]);
    expect(by('zone', ['one', 'none', 'two'])).toEqual([
      ['one', ['reads']],
      ['two', ['moves', 'goes']],
      ['away', ['comes']],
    ]);
    expect(by('group')).toEqual([
      ['g', ['reads']],
      ['', ['comes', 'moves', 'goes']],
    ]);
    expect(by('author')[0]).toEqual(['p', ['moves']]);
  });
});
