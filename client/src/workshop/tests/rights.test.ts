import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/rights.json';
import { rightsOn } from '../rights';
import type { BoardInfo, Breakout, Role } from '../desk';

// The same table that server/workshops/rights.py is tested with.
const { desk, rights } = vectors;
const locks = Object.fromEntries(desk.locks.map((board) => [board, true]));
const breakouts = Object.fromEntries(
  Object.entries(desk.breakouts).map(([id, { state, groups }]): [string, Breakout] => {
    const seats = Object.entries(groups).map(([group, people]) => {
      return {
        id: group,
        name: group,
        board: '',
        people,
        pages: [],
        left: {},
        late: null,
        message: null,
        help: null,
      };
    });
    const open = state === 'open' ? 'open' : 'closed';
    const times = { created: 0, merged: null, closed: null, recall: null, choice: false };
    return [id, { id, board: 'shared', state: open, ...times, groups: seats }];
  }),
);

const cases = Object.entries(rights).flatMap(([person, boards]) =>
  Object.entries(boards).map(([board, expected]) => ({ person, board, expected })),
);

describe('rights', () => {
  it.each(cases)('$person on $board: $expected', ({ person, board, expected }) => {
    const role = desk.people[person as keyof typeof desk.people] as Role;
    const place = desk.boards[board as keyof typeof desk.boards];
    const info: BoardInfo = { id: board, key: 'k', kind: 'notes', lineage: 'l', ...place };
    const found = rightsOn(info, { id: person, name: person, role }, { locks, breakouts });
    expect(found.maySee).toBe(expected !== 'nothing');
    expect(found.mayWrite).toBe(expected === 'write');
    expect(found.reason !== null).toBe(expected === 'read');
  });
});
