import { describe, expect, it } from 'vitest';
import type { Guidance } from '../core/guidance';
import { Guiding } from './guiding.svelte';

/** A server that answers when told to, and a desk that hears of it later. */
function setup() {
  let desk: Guidance = {};
  const asked: (Guidance | null)[] = [];
  const waiting: ((fails: boolean) => void)[] = [];
  const guiding = new Guiding(
    () => desk,
    (guidance) => {
      asked.push(guidance);
      return new Promise<void>((resolve, reject) =>
        waiting.push((fails) => (fails ? reject(new Error('no')) : resolve())),
      );
    },
  );
  const answer = (fails = false) => waiting.shift()?.(fails);
  const hear = (guidance: Guidance) => {
    desk = guidance;
    guiding.heard();
  };
  return { guiding, asked, answer, hear };
}

const board = (key: string) => (before: Guidance) => ({
  ...before,
  boards: { ...before.boards, [key]: { hidden: true } },
});

describe('guiding', () => {
  it('sends one change after the other, each built on the one before', async () => {
    const { guiding, asked, answer } = setup();
    const first = guiding.change(board('a'));
    const second = guiding.change(board('b'));
    await Promise.resolve();
    expect(asked).toHaveLength(1);
    answer();
    await first;
    answer();
    await second;
    expect(Object.keys(asked[1]?.boards ?? {})).toEqual(['a', 'b']);
  });

  it('builds on what the desk has heard since', async () => {
    const { guiding, asked, answer, hear } = setup();
    const first = guiding.change(board('a'));
    await Promise.resolve();
    answer();
    await first;
    hear({ boards: { other: {} } });
    void guiding.change(board('b'));
    await Promise.resolve();
    expect(Object.keys(asked[1]?.boards ?? {})).toEqual(['other', 'b']);
  });

  it('says what went wrong and forgets the change that was refused', async () => {
    const { guiding, asked, answer } = setup();
    const first = guiding.change(board('a'));
    await Promise.resolve();
    answer(true);
    await first;
    expect(guiding.problem).not.toBeNull();
    const second = guiding.reset();
    await Promise.resolve();
    answer();
    await second;
    expect(asked[1]).toBeNull();
    expect(guiding.problem).toBeNull();
  });
});
