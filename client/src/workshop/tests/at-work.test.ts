import { describe, expect, it } from 'vitest';
import { calling, messageAt } from '../at-work';
import { EMPTY_DESK, type Breakout, type Desk, type Group } from '../desk';

const MESSAGE = { id: 'm', text: 'Viisi minuuttia', at: 1 };
const group = (id: string, help: number | null): Group => ({
  id,
  name: id,
  board: `${id}-board`,
  people: [],
  pages: [],
  left: {},
  late: null,
  message: MESSAGE,
  help,
});
const work = (state: Breakout['state'], ...groups: Group[]): Breakout => ({
  id: 'b',
  board: 's',
  state,
  created: 1,
  merged: null,
  closed: null,
  recall: null,
  choice: false,
  groups,
});
const desk = (breakout: Breakout): Desk => ({ ...EMPTY_DESK, breakouts: { b: breakout } });

describe('groups at work', () => {
  it('ask for help, who has waited longest first, and not when it is over', () => {
    const groups = [group('A', 9), group('B', null), group('C', 5)];
    const told = calling(desk(work('open', ...groups)));
    expect(told.map(({ group: { id }, index, since }) => [id, index, since])).toEqual([
      ['C', 2, 5],
      ['A', 0, 9],
    ]);
    expect(calling(desk(work('closed', ...groups)))).toEqual([]);
  });

  it('are told what is said to them, on their board and while it goes on', () => {
    const at = (state: Breakout['state']) => {
      const breakout = work(state, group('A', null));
      const seat = { breakout, group: group('A', null), index: 0 };
      return messageAt({ kind: 'group', board: 'A-board', seat, mine: true });
    };
    expect([at('open'), at('closed')]).toEqual([MESSAGE, null]);
    expect(messageAt({ kind: 'shared', board: 's' })).toBeNull();
  });
});
