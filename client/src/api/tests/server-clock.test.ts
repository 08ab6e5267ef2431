import { describe, expect, it } from 'vitest';
import { ServerClock } from '../server-clock';

const SERVER = 1_800_000_000_000;

/** A device whose clocks are set by hand, beside a server whose clock is right. */
function device(ahead = 0) {
  const clocks = { server: SERVER, wall: SERVER + ahead, steady: 0 };
  const clock = new ServerClock(
    () => clocks.wall,
    () => clocks.steady,
  );
  const pass = (ms: number, { asleep = false } = {}) => {
    clocks.server += ms;
    clocks.wall += ms;
    if (!asleep) clocks.steady += ms;
  };
  const ask =
    (took = 0) =>
    () => {
      pass(took / 2);
      const told = clocks.server;
      pass(took / 2);
      return Promise.resolve(told);
    };
  const error = () => Math.round(clock.now() - clocks.server);
  return { clocks, clock, pass, ask, error };
}

describe("the server's clock", () => {
  it('is asked for, and the way there and back counts', async () => {
    const { clock, pass, ask, error } = device(90_000);
    await clock.measure(ask(400));
    expect(error()).toBe(0);
    pass(3_600_000);
    expect([error(), clock.jumped()]).toEqual([0, false]);
  });

  it('is right at once after sleep, also where the steady clock stood still', async () => {
    const { clock, pass, ask, error } = device(-1_500);
    await clock.measure(ask());
    pass(7_200_000, { asleep: true });
    expect([clock.jumped(), error()]).toEqual([true, 0]);
    await clock.measure(() => Promise.reject(new Error('no network yet')));
    expect([clock.jumped(), error()]).toEqual([false, 0]);
  });

  it('goes on when the own clock is set back, and is asked for again when it is set forward', async () => {
    const { clocks, clock, ask, error } = device();
    await clock.measure(ask());
    clocks.wall -= 3_600_000;
    expect([clock.jumped(), error()]).toEqual([true, 0]);
    clocks.wall += 600_000;
    expect(clock.jumped()).toBe(true);
    await clock.measure(ask(100));
    expect([error(), clock.jumped()]).toEqual([0, false]);
  });

  it('takes no answer that took too long, and the Date of an answer until it has a better one', async () => {
    const { clock, clocks, ask, error } = device(60_000);
    clock.note(new Date(clocks.server - 500).toUTCString());
    expect(Math.abs(error())).toBeLessThan(1_100);
    await clock.measure(ask(5_000));
    await clock.measure(ask());
    clock.note(new Date(0).toUTCString());
    expect(error()).toBe(0);
  });
});
