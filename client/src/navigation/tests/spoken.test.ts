import { describe, expect, it } from 'vitest';
import { newsSince, type Scene } from '../spoken';

const QUIET: Scene = {
  board: 'b',
  reason: null,
  bounds: '',
  voting: null,
  left: 3,
  timer: null,
  message: null,
  groupMessage: null,
};
const MESSAGE = { id: 'm', text: 'Tauko', at: 1 };
const OPEN = { dots: 3, hidden: true, open: true };
const RUNS = { ends: 60_000, seconds: 60, paused: null, locks: null };

/** Without a catalogue a text is its key. */
const news = (before: Partial<Scene> | null, after: Partial<Scene>) =>
  newsSince(before && { ...QUIET, ...before }, { ...QUIET, ...after }, 0);

describe('what the facilitator does', () => {
  it('is said when it happens, and nothing of it again when something else does', () => {
    const all = { message: MESSAGE, reason: 'locked', voting: OPEN, timer: RUNS } as const;
    const clone = structuredClone(all);
    expect(news(all, clone)).toEqual([]);
    expect(news({ message: MESSAGE }, { message: MESSAGE, reason: 'locked' })).toEqual([
      'board.read-only.locked-waits',
    ]);
    expect(news({}, { message: MESSAGE })).toEqual(['workshop.announced']);
    expect(news({ message: MESSAGE }, { message: { ...MESSAGE, id: 'n' } })).toHaveLength(1);
    expect(news({ message: MESSAGE }, {})).toEqual([]);
    expect(news({}, { groupMessage: MESSAGE })).toEqual(['message.said']);
    expect(news({ groupMessage: MESSAGE }, { groupMessage: MESSAGE })).toEqual([]);
  });

  it('is said of locks: here, when they end, and on a board that one comes to', () => {
    expect(news({ reason: 'locked' }, {})).toEqual(['board.unlocked']);
    expect(news({ board: 'a' }, { reason: 'locked' })).toEqual(['board.read-only.locked-waits']);
    expect(news({ board: 'a', reason: 'locked' }, {})).toEqual([]);
    expect(news(null, { reason: 'observer' })).toEqual([]);
  });

  it('is said of what one may do with notes: here, as it changes', () => {
    expect(news({}, { bounds: 'only your own' })).toEqual(['only your own']);
    expect(news({ bounds: 'only your own' }, {})).toEqual(['bounds.lifted']);
    expect(news({ board: 'a' }, { bounds: 'only your own' })).toEqual([]);
    expect(news(null, { bounds: 'only your own' })).toEqual([]);
  });

  it('is said of voting as it opens, ends and is revealed, and not elsewhere', () => {
    expect(news({}, { voting: OPEN })).toEqual(['votes.opened', 'votes.left']);
    expect(news({}, { voting: OPEN, left: null })).toEqual(['votes.opened']);
    expect(news({ voting: OPEN }, { voting: { ...OPEN, open: false } })).toEqual(['votes.over']);
    expect(news({ voting: OPEN }, { voting: { ...OPEN, hidden: false } })).toEqual([
      'votes.revealed',
    ]);
    expect(news({ voting: OPEN }, { voting: OPEN, left: 1 })).toEqual([]);
    expect(news({ board: 'a' }, { voting: OPEN })).toEqual([]);
  });

  it('is said of the timer, but not to who has just come', () => {
    const paused = { ...RUNS, paused: 9 };
    expect(news({}, { timer: RUNS })).toEqual(['workshop.timer_runs']);
    expect(news({ timer: RUNS }, { timer: paused })).toEqual(['workshop.timer_paused']);
    expect(news({ timer: paused }, {})).toEqual(['workshop.timer_stopped']);
    expect(news(null, { timer: RUNS, message: MESSAGE })).toEqual(['workshop.announced']);
  });
});
