/** The server's clock, as this device can tell it: right after sleep, and when a clock is set anew. */

/** Milliseconds since 1970 by the server's clock. Raises when it cannot be asked. */
type Ask = () => Promise<number>;

const JUMP_MS = 1_000;
const SLOW_MS = 3_000;

/**
 * The server's clock as this page knows it, told by a clock of the machine's own.
 * `wall` may be set anew at any time; `steady` never is, but stands still while some machines sleep.
 * Both in milliseconds.
 */
export class ServerClock {
  #offset = 0; // the server's clock minus ours
  #measured = false;
  #measuring: Promise<void> | null = null;
  #wall: number;
  #steady: number;

  constructor(
    private readonly wall = () => Date.now(),
    private readonly steady = () => performance.now(),
  ) {
    this.#wall = wall();
    this.#steady = steady();
  }

  now(): number {
    return this.wall() + this.#offset;
  }

  /** An answer's Date header. It has whole seconds: below two it is no better than our own clock. */
  note(date: string | null): void {
    const server = date === null ? NaN : Date.parse(date);
    if (this.#measured || Number.isNaN(server)) return;
    const offset = server + 500 - this.wall();
    this.#offset = Math.abs(offset) > 2000 ? offset : 0;
  }

  /**
   * True when our clocks disagree about the time since the last call: we slept, or one was set anew.
   * A clock that went back was set, and time goes on from where it stood; else we may have slept,
   * which the wall clock knows best, until the server is asked.
   */
  jumped(): boolean {
    const [wall, steady] = [this.wall(), this.steady()];
    const jump = wall - this.#wall - (steady - this.#steady);
    [this.#wall, this.#steady] = [wall, steady];
    if (Math.abs(jump) < JUMP_MS) return false;
    if (jump < 0) this.#offset -= jump;
    return true;
  }

  /** Ask the server; done when that is over, one way or the other. */
  measure(ask: Ask): Promise<void> {
    this.#measuring ??= this.#measure(ask).finally(() => (this.#measuring = null));
    return this.#measuring;
  }

  async #measure(ask: Ask): Promise<void> {
    const sent = this.steady();
    const server = await ask().catch(() => null);
    const took = this.steady() - sent;
    // A slow answer tells little of when it was given.
    if (server === null || took > SLOW_MS) return;
    this.jumped();
    this.#offset = server + took / 2 - this.wall();
    this.#measured = true;
  }
}

export const serverClock = new ServerClock();
