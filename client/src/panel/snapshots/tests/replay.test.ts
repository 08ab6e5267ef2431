import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Board } from '../../../workshop/api-types';
import { pauseBetween, Replay, type Moment } from '../replay.svelte';

const MOMENTS = 1000;
const moment = (seq: number, at = seq * 1000): Moment => ({
  seq,
  at,
  who: [],
  updates: 1,
  notes: seq,
  added: 1,
  deleted: 0,
  changed: 0,
  moved: 0,
  answers: 0,
  experiments: 0,
  brought: [],
});

interface Call {
  readonly seq: number;
  readonly signal: AbortSignal;
  readonly answer: () => void;
}

let calls: Call[] = [];

/** A server whose answers come when they are let: what is asked of it is what is looked at here. */
function serve(path: string, { signal }: { signal: AbortSignal }): Promise<Response> {
  const seq = /moments\/(\d+)$/.exec(path)?.[1];
  const json = (value: unknown) => new Response(JSON.stringify(value));
  if (seq === undefined) {
    const moments = Array.from({ length: MOMENTS }, (_, at) => moment(at + 1));
    return Promise.resolve(json({ begins: 0, moments }));
  }
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    const board = { id: 'board', notes: [], themes: [], answers: {}, experiments: [], key: seq };
    calls.push({ seq: Number(seq), signal, answer: () => resolve(json(board)) });
  });
}

const until = (seen: () => void) => vi.waitFor(seen, { timeout: 10_000 });
const asked = () => calls.map(({ seq }) => seq);
const keyOf = (board: Board | null) => board?.key;

async function arrived(replay: Replay, seq: number): Promise<void> {
  await until(() => expect(asked()).toContain(seq));
  calls.findLast((call) => call.seq === seq)?.answer();
  await until(() => expect(keyOf(replay.shown)).toBe(String(seq)));
}

beforeEach(() => {
  calls = [];
  vi.stubGlobal('fetch', serve);
});
afterEach(() => vi.unstubAllGlobals());

describe('how a board came about', () => {
  it('begins with how it stands, and asks for no other moment', async () => {
    const replay = new Replay('board');
    void replay.load();
    await arrived(replay, MOMENTS);
    expect(replay.place).toBe(MOMENTS - 1);
    expect(asked()).toEqual([MOMENTS]);
    expect(replay.playing).toBe(false);
  });

  it('gives up what is overtaken, and stays within its moments', async () => {
    const replay = new Replay('board');
    void replay.load();
    await arrived(replay, MOMENTS);
    replay.goTo(5);
    replay.goTo(-3);
    await until(() => expect(asked()).toEqual([MOMENTS, 6, 1]));
    expect(calls[1]?.signal.aborted).toBe(true);
    await arrived(replay, 1);
    expect(replay.problem).toBeNull();
  });

  it('keeps some boards and no more', async () => {
    const replay = new Replay('board');
    void replay.load();
    await arrived(replay, MOMENTS);
    for (let place = 0; place < 12; place += 1) {
      replay.goTo(place);
      await arrived(replay, place + 1);
    }
    const before = asked().length;
    replay.goTo(5);
    await until(() => expect(keyOf(replay.shown)).toBe('6'));
    expect(asked()).toHaveLength(before);
    replay.goTo(MOMENTS - 1);
    await until(() => expect(asked()).toHaveLength(before + 1));
  });

  it('plays from the beginning when it is at its end, and stops when one takes hold of it', async () => {
    const replay = new Replay('board');
    void replay.load();
    await arrived(replay, MOMENTS);
    replay.speed = 60;
    replay.play();
    await arrived(replay, 1);
    await arrived(replay, 2);
    expect(replay.playing).toBe(true);
    replay.goTo(7);
    expect(replay.playing).toBe(false);
    await arrived(replay, 8);
    expect(Math.max(...asked().filter((seq) => seq < MOMENTS))).toBe(8);
    replay.destroy();
  });

  it('waits as long as it took, but neither for a night nor for nothing', () => {
    expect(pauseBetween(moment(1, 0), moment(2, 20_000), 20)).toBe(1000);
    expect(pauseBetween(moment(1, 0), moment(2, 36_000_000), 1)).toBe(2000);
    expect(pauseBetween(moment(1, 0), moment(2, 10), 60)).toBe(100);
  });
});
