import { describe, expect, it } from 'vitest';
import type { Me } from '../workshop';
import { type BoardInfo, EMPTY_DESK, type Desk } from '../desk';
import { clock, phaseOf, placeOf, seatOf, secondsLeft, sharedBoards, timeNews } from '../place';

const board = (id: string, key: string, more: Partial<BoardInfo> = {}): BoardInfo => ({
  id,
  key,
  kind: 'notes',
  lineage: 'l',
  breakout: null,
  group: null,
  ...more,
});
const me = (id: string, role: Me['role'] = 'participant'): Me => ({ id, name: id, role });

function desk(state: 'open' | 'closed', more: Partial<Desk> = {}): Desk {
  const groups = [
    {
      id: 'g1',
      name: 'Koivu',
      board: 'f1',
      people: ['ann'],
      pages: [],
      left: {},
      late: null,
      message: null,
      help: null,
    },
    {
      id: 'g2',
      name: 'Kuusi',
      board: 'f2',
      people: ['bo'],
      pages: [],
      left: {},
      late: null,
      message: null,
      help: null,
    },
  ];
  return {
    ...EMPTY_DESK,
    boards: {
      s2: board('s2', 'change', { kind: 'grid' }),
      s1: board('s1', 'phenomena'),
      a: board('a', 'synthesis', { kind: 'answers' }),
      f1: board('f1', 'phenomena', { breakout: 'b', group: 'g1' }),
      f2: board('f2', 'phenomena', { breakout: 'b', group: 'g2' }),
    },
    breakouts: {
      b: {
        id: 'b',
        board: 's1',
        state,
        created: 1,
        merged: null,
        closed: null,
        recall: null,
        choice: false,
        groups,
      },
    },
    ...more,
  };
}

const shared = (from: Desk) =>
  sharedBoards(from, ['notes', 'grid'], ['phenomena', 'change', 'synthesis']);
const place = (from: Desk, who: Me, wish: string | null = null) =>
  placeOf(from, who, shared(from), wish);

describe('where a person is', () => {
  it('lists shared boards that have a view, in the workbook’s order', () => {
    expect(shared(desk('open')).map(({ id }) => id)).toEqual(['s1', 's2']);
  });

  it('keeps members on their group’s board while the breakout is open, whatever they wish', () => {
    expect(place(desk('open'), me('ann'), 's1')).toMatchObject({ board: 'f1', mine: true });
    expect(seatOf(desk('open'), 'bo')).toMatchObject({ index: 1, group: { id: 'g2' } });
  });

  it('brings them back when it is closed', () => {
    expect(place(desk('closed'), me('ann'))).toEqual({ kind: 'shared', board: 's1' });
    expect(place(desk('closed'), me('ann'), 'f1')).toEqual({ kind: 'shared', board: 's1' });
  });

  it('lets only the facilitator visit a group', () => {
    const lead = me('lead', 'facilitator');
    expect(place(desk('open'), lead, 'f2')).toMatchObject({ board: 'f2', mine: false });
    expect(place(desk('closed'), lead, 'f2')).toMatchObject({ kind: 'group', board: 'f2' });
    expect(place(desk('open'), me('late'), 'f2')).toEqual({ kind: 'shared', board: 's1' });
    expect(place(desk('open'), me('eye', 'observer'), 'f2').kind).toBe('shared');
  });

  it('follows the lead unless the person went elsewhere', () => {
    const led = desk('closed', { board: 's2' });
    expect(place(led, me('ann'))).toMatchObject({ board: 's2' });
    expect(place(led, me('ann'), 's1')).toMatchObject({ board: 's1' });
    expect(place({ ...led, board: 'a' }, me('ann'))).toMatchObject({ board: 's1' });
  });

  it('is nowhere before the desk has come', () => {
    expect(place(EMPTY_DESK, me('ann'))).toEqual({ kind: 'nowhere' });
  });
});

describe('time left', () => {
  it('runs, pauses and ends', () => {
    const timer = { ends: 100_000, seconds: 60, paused: null, locks: null };
    expect(secondsLeft(timer, 40_000)).toBe(60);
    expect(secondsLeft(timer, 99_001)).toBe(1);
    expect(secondsLeft(timer, 200_000)).toBe(0);
    expect(secondsLeft({ ...timer, paused: 42 }, 200_000)).toBe(42);
  });

  it.each([
    [0, '0:00'],
    [65, '1:05'],
    [600, '10:00'],
    [3605, '1:00:05'],
  ])('shows %i seconds as %s', (seconds, text) => expect(clock(seconds)).toBe(text));
});

describe('the time', () => {
  const timer = { ends: 100_000, seconds: 90, paused: null, locks: null };

  it.each([
    ['running', 45_000, 'last'],
    ['last', 100_000, 'over'],
    ['running', 101_000, 'over'], // timers of this page were held for more than a minute
    ['last', 7_300_000, null], // the laptop slept for two hours
    ['over', 101_000, null],
    ['running', 30_000, null],
    ['over', 30_000, null], // it was given more time
    [null, 101_000, null], // the page was opened now
  ] as const)('after %s, at %d ms, is told as %s', (before, now, told) => {
    expect(timeNews(before, timer, now)).toBe(told);
  });

  it('that stands still is not told to be up', () => {
    expect(timeNews('last', { ...timer, paused: 0 }, 101_000)).toBeNull();
    expect(phaseOf({ ...timer, paused: 30 }, 7_300_000)).toBe('last');
  });
});
