import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/rights.json';
import { boundsOn, mayDo, UNBOUND, VERBS } from '../rights';
import type { BoardInfo, BoardRights, Breakout, Role } from '../desk';

// The same table that server/workshops/rights.py is tested with.
const { desk, bounds } = vectors;
const rights = bounds.rights as Record<string, BoardRights>;
const breakouts = Object.fromEntries(
  Object.keys(desk.breakouts).map((id) => [id, { board: 'shared' } as Breakout]),
);
const cases = Object.entries(bounds.expected).flatMap(([person, boards]) =>
  Object.entries(boards).map(([board, whose]) => ({ person, board, whose })),
);

describe('what one may do with notes', () => {
  it.each(cases)('$person on $board: as $whose', ({ person, board, whose }) => {
    const role = desk.people[person as keyof typeof desk.people] as Role;
    const place = desk.boards[board as keyof typeof desk.boards];
    const info: BoardInfo = { id: board, key: 'k', kind: 'notes', lineage: 'l', ...place };
    const found = boundsOn(info, { id: person, name: person, role }, { rights, breakouts });
    expect(found).toEqual(whose === 'all' ? UNBOUND : rights[whose]);
  });

  it.each(VERBS)('goes by whose the notes are: %s', (verb) => {
    const bound = (scope: 'all' | 'own' | 'none') => ({ ...UNBOUND, [verb]: scope });
    const authors = [[], ['me'], ['me', 'you'], [null]];
    const may = (scope: 'all' | 'own' | 'none') =>
      authors.map((of) => mayDo(bound(scope), verb, of, 'me'));
    expect(may('all')).toEqual([true, true, true, true]);
    expect(may('own')).toEqual([true, true, false, false]);
    expect(may('none')).toEqual([false, false, false, false]);
  });
});
