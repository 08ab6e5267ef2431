import { describe, expect, it } from 'vitest';
import { EMPTY_DESK, type Breakout, type Desk } from '../desk';
import { recalled, recallNews, secondsUntil, type Notice } from '../recall';

const group = {
  id: 'g',
  name: 'A',
  board: 'f',
  people: ['ann'],
  pages: [],
  left: {},
  late: null,
  message: null,
  help: null,
};
const work: Breakout = {
  id: 'b',
  board: 's',
  state: 'open',
  created: 1,
  merged: null,
  closed: null,
  recall: { ends: 9_000, gather: true },
  choice: false,
  groups: [group],
};
const desk = (more: Partial<Breakout> = {}): Desk => ({
  ...EMPTY_DESK,
  breakouts: { b: { ...work, ...more } },
});
const me = (id: string, role: 'participant' | 'observer' | 'facilitator' = 'participant') => ({
  id,
  name: id,
  role,
});

describe('group work that was given notice', () => {
  it('concerns its members and who leads, while it goes on', () => {
    const concerns = (given: Desk, ...who: Parameters<typeof me>) =>
      recalled(given, me(...who))?.id ?? null;
    expect(concerns(desk(), 'ann')).toBe('b');
    expect(concerns(desk(), 'lea', 'facilitator')).toBe('b');
    expect(concerns(desk(), 'ben')).toBeNull();
    expect(concerns(desk(), 'obs', 'observer')).toBeNull();
    expect(concerns(desk({ state: 'closed' }), 'ann')).toBeNull();
    expect(concerns(desk({ recall: null }), 'ann')).toBeNull();
  });

  it('ends on a whole second, and no later', () => {
    expect([9_000, 8_001, 8_000, 9_001].map((now) => secondsUntil(9_000, now))).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it('is told once each: that it ends, a change, the last minute, the last seconds, a call-off', () => {
    const at = (left: number, ends = 1): Notice => ({ id: 'b', ends, left });
    const goesOn = () => true;
    const told = [null, at(120), at(119), at(60), at(59), at(10), at(9), at(0)].map(
      (now, index, all) => recallNews(all[index - 1] ?? null, now, goesOn),
    );
    expect(told).toEqual([null, 'begun', null, 'minute', null, 'seconds', null, null]);
    expect(recallNews(at(60), at(120, 2), goesOn)).toBe('changed');
    expect(recallNews(at(60), null, goesOn)).toBe('off');
    expect(recallNews(at(1), null, () => false)).toBeNull();
    expect(recallNews(null, at(30), goesOn)).toBe('begun');
  });
});
