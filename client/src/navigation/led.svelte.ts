/** Somebody else has one go elsewhere: whoever leads to a board, a breakout into a group. */
import { untrack } from 'svelte';
import { toasts } from '../browser/toasts.svelte';
import { t } from '../i18n/i18n';
import { seatOf } from '../workshop/place';
import type { DeskState } from './desk.svelte';

const WAITING_SECONDS = 30;

/** Whoever is led, as far as that is of interest here. */
interface Led {
  readonly desk: DeskState;
  /** The board that they are on; null for none. */
  readonly here: () => string | null;
  /** Whether they are in the middle of something. */
  readonly busy: () => boolean;
  readonly titleOf: (board: string) => string;
  readonly go: (board: string) => void;
  /** Where everybody is when they come: they stand there, unless they stand somewhere. */
  readonly begin: (board: string | null) => void;
  /** A group is over: back to where everybody is. */
  readonly back: (board: string | null) => void;
}

/** One person's being led: soft, as nobody is moved while they write a note. */
export class Leading {
  readonly #led: Led;
  /** A board that waits for the end of a sentence. */
  #pending = $state<string | null>(null);

  constructor(led: Led) {
    this.#led = led;
  }

  /** They went elsewhere by themselves. */
  forget(): void {
    this.#pending = null;
  }

  /** Called while mounting. */
  follow(): void {
    this.#followLead();
    $effect(() => {
      const board = this.#pending;
      if (board !== null && !this.#led.busy()) untrack(() => this.#arrive(board));
    });
    this.#followGroups();
  }

  #followLead(): void {
    const { desk, here, begin } = this.#led;
    let before: string | null | undefined;
    $effect(() => {
      const { board } = desk.now;
      if (!desk.loaded || board === before) return;
      // Where one is first is where one stays until led or gone elsewhere.
      if (before === undefined) untrack(() => begin(board));
      const isNews = before !== undefined && board !== null && board !== untrack(here);
      before = board;
      if (isNews) untrack(() => this.#lead(board));
    });
  }

  #lead(board: string): void {
    if (!this.#led.busy()) return this.#arrive(board);
    this.#pending = board;
    toasts.show(t('workshop.lead_waits', { board: this.#led.titleOf(board) }), {
      action: { label: t('workshop.go_now'), run: () => this.#arrive(board) },
      seconds: WAITING_SECONDS,
      topic: 'place',
    });
  }

  #arrive(board: string): void {
    this.#led.go(board);
    tell(t('workshop.led', { board: this.#led.titleOf(board) }));
  }

  /** Into a group, to another group, back together: each said once. */
  #followGroups(): void {
    const { desk, back } = this.#led;
    let before: string | null | undefined;
    $effect(() => {
      if (!desk.loaded) return;
      const seat = seatOf(desk.now, desk.me.id);
      const group = seat?.group.id ?? null;
      if (before !== undefined && group !== before) {
        tell(seat ? t('workshop.to_group', { name: seat.group.name }) : t('workshop.recalled'));
        if (!seat) untrack(() => back(desk.now.board));
      }
      before = group;
    });
  }
}

/** On screen and for screen readers alike: toasts are a live region. */
function tell(text: string): void {
  toasts.show(text, { topic: 'place' });
}
