import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ofPrompt } from '../../../workshop/guidance';
import { ApiProblem, Unreachable, type DeskPatch } from '../../../api/api';
import { Drafts } from '../../../device/drafts';
import { unsent } from '../../../api/unsent.svelte';
import { Guiding } from '../guiding.svelte';

/** A server that answers when told to. */
function setup() {
  const asked: DeskPatch[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const send = (patch: DeskPatch) => {
    asked.push(patch);
    return new Promise<void>((resolve, reject) =>
      waiting.push((error) => (error ? reject(error) : resolve())),
    );
  };
  const guiding = new Guiding(send, new Drafts('w', 'me'));
  const answer = async (error?: Error) => {
    await vi.waitFor(() => expect(waiting).not.toHaveLength(0));
    waiting.shift()?.(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { guiding, asked, answer };
}

const prompt = (text: string) => ofPrompt('phenomena', 'tools', { fi: text });
const refusal = new ApiProblem(400, { code: 'field-invalid', title: '', detail: '' });

describe('guiding', () => {
  beforeEach(() => {
    localStorage.clear();
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('sends while one types, when one pauses, and says so until the server has it', async () => {
    const { guiding, asked, answer } = setup();
    guiding.type('tools', 'M', prompt('M'));
    guiding.type('tools', 'Mitä?', prompt('Mitä?'));
    expect([guiding.unsent, unsent.count, guiding.draft('tools')]).toEqual([1, 1, 'Mitä?']);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([{ guidance_change: prompt('Mitä?') }]);
    expect(unsent.count).toBe(1);
    await answer();
    expect([guiding.unsent, unsent.count, guiding.draft('tools')]).toEqual([0, 0, undefined]);
  });

  it('keeps what was not sent through a reload, and sends it then', async () => {
    setup().guiding.type('tools', 'Mitä?', prompt('Mitä?'));
    const { guiding, asked, answer } = setup();
    expect(guiding.draft('tools')).toBe('Mitä?');
    await answer();
    expect(asked).toEqual([{ guidance_change: prompt('Mitä?') }]);
    expect(setup().guiding.unsent).toBe(0);
  });

  it('does not lose what is typed while the last is on its way', async () => {
    const { guiding, asked, answer } = setup();
    guiding.type('tools', 'a', prompt('a'));
    void guiding.flush();
    await vi.advanceTimersByTimeAsync(0);
    guiding.type('tools', 'ab', prompt('ab'));
    await answer();
    expect(guiding.draft('tools')).toBe('ab');
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
    expect(asked.map(({ guidance_change: change }) => change)).toEqual([prompt('a'), prompt('ab')]);
    expect(guiding.unsent).toBe(0);
  });

  it('tries again when the server was out of reach, and not when it said no', async () => {
    const { guiding, asked, answer } = setup();
    guiding.type('tools', 'a', prompt('a'));
    void guiding.flush();
    await answer(new Unreachable('PATCH'));
    expect(guiding.problem).not.toBeNull();
    await vi.advanceTimersByTimeAsync(6000);
    await answer(refusal);
    expect([asked.length, guiding.unsent]).toEqual([2, 1]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
    guiding.type('tools', 'b', prompt('b'));
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
    expect([guiding.unsent, guiding.problem]).toEqual([0, null]);
  });

  it('sends presses one after the other, after what was typed before', async () => {
    const { guiding, asked, answer } = setup();
    const move = { move: { stage: 'pause', by: 1 } };
    guiding.type('tools', 'a', prompt('a'));
    void guiding.press(move);
    void guiding.press(move);
    for (let n = 0; n < 3; n += 1) await answer();
    expect(asked.map(({ guidance_change: change }) => change)).toEqual([prompt('a'), move, move]);
  });

  it('keeps what cannot be sent yet, and forgets everything with a reset', async () => {
    const { guiding, asked, answer } = setup();
    guiding.type('minutes', '30–', null);
    await vi.advanceTimersByTimeAsync(1000);
    expect([asked.length, guiding.unsent]).toEqual([0, 1]);
    void guiding.reset();
    await answer();
    expect([asked, guiding.unsent]).toEqual([[{ guidance: null }], 0]);
  });
});
