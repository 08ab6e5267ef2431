/** How a board came about, moment by moment: fetched as they are asked for, and played. */
import { leadApi } from '../../api/lead-api';
import { sentenceOf, type Sentence } from '../../api/errors';
import type { Board, Replay as Told } from '../../workshop/api-types';

export type Moment = Told['moments'][number];
type Milliseconds = number;

/** How many times faster than it happened. */
export const SPEEDS = [1, 5, 20, 60] as const;
/** Boards that are kept: going to and fro asks for nothing. */
const KEPT = 12;
/** Nobody looks longer at a pause than so, nor follows what is shown for less. */
const LONGEST: Milliseconds = 2_000;
const SHORTEST: Milliseconds = 100;

/** Where the next moment is shown, after what pause. */
export function pauseBetween(before: Moment, after: Moment, speed: number): Milliseconds {
  return Math.min(LONGEST, Math.max(SHORTEST, (after.at - before.at) / speed));
}

/** One board's history in somebody's hands. */
export class Replay {
  moments = $state.raw<readonly Moment[] | null>(null);
  /** Place among the moments of the one that is asked for. */
  place = $state(0);
  /** The board that has come last: of `place`, or still of the one before. */
  shown = $state.raw<Board | null>(null);
  problem = $state.raw<Sentence | null>(null);
  playing = $state(false);
  speed = $state<number>(SPEEDS[2]);

  readonly #board: string;
  readonly #kept = new Map<number, Board>();
  #asking: AbortController | null = null;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(board: string) {
    this.#board = board;
  }

  get moment(): Moment | null {
    return this.moments?.[this.place] ?? null;
  }

  /** Begin where the board stands now. */
  async load(): Promise<void> {
    this.problem = null;
    try {
      const { moments } = await leadApi.moments(this.#board);
      this.moments = moments;
    } catch (error) {
      this.problem = sentenceOf(error);
      return;
    }
    await this.#go(Math.max(0, this.moments.length - 1));
  }

  /** To a moment by hand; what was played stops. */
  goTo(place: number): void {
    this.pause();
    void this.#go(place);
  }

  play(): void {
    if (!this.moments || this.playing) return;
    this.playing = true;
    const isAtEnd = this.place >= this.moments.length - 1;
    void this.#step(isAtEnd ? 0 : this.place + 1);
  }

  pause(): void {
    this.playing = false;
    clearTimeout(this.#next);
  }

  destroy(): void {
    this.pause();
    this.#asking?.abort();
  }

  /** Each moment is there before the next one is waited for. */
  async #step(place: number): Promise<void> {
    const isThere = await this.#go(place);
    const [before, after] = [this.moments?.[place], this.moments?.[place + 1]];
    if (!this.playing || this.place !== place) return;
    if (!isThere || !before || !after) {
      this.playing = false;
      return;
    }
    const pause = pauseBetween(before, after, this.speed);
    this.#next = setTimeout(() => void this.#step(place + 1), pause);
  }

  /** False when it did not come, or was overtaken by another one. */
  async #go(place: number): Promise<boolean> {
    const last = (this.moments?.length ?? 0) - 1;
    this.place = Math.max(0, Math.min(last, place));
    this.#asking?.abort();
    this.#asking = null;
    const { moment } = this;
    if (!moment) return false;
    const known = this.#kept.get(moment.seq);
    if (known) return this.#show(moment.seq, known);
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const board = await leadApi.moment(this.#board, moment.seq, asking.signal);
      return !asking.signal.aborted && this.#show(moment.seq, board);
    } catch (error) {
      if (!asking.signal.aborted) this.problem = sentenceOf(error);
      return false;
    }
  }

  #show(seq: number, board: Board): true {
    this.#kept.delete(seq);
    this.#kept.set(seq, board);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    this.problem = null;
    this.shown = board;
    return true;
  }
}
