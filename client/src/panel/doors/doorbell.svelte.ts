/** Who waits at the door of a workshop, for who leads it. */
import { announce } from '../../browser/announce.svelte';
import { type Waiting } from '../../api/api';
import { leadApi } from '../../api/lead-api';
import { Command } from '../../api/command.svelte';
import { t } from '../../i18n/i18n';
import type { DeskState } from '../../navigation/desk.svelte';

const LOOK_MS = 1_500;

/** The list of who waits to be let into one workshop, asked for as long as it is shown. */
export class Doorbell {
  /** Oldest first; empty unless people have to be let in. */
  waiting = $state.raw<readonly Waiting[]>([]);
  readonly command = new Command();
  readonly #desk: DeskState;

  constructor(desk: DeskState) {
    this.#desk = desk;
  }

  /** Look until the answer's function is called. */
  follow(): () => void {
    void this.look();
    const looking = setInterval(() => void this.look(), LOOK_MS);
    return () => {
      clearInterval(looking);
      this.waiting = [];
    };
  }

  /** An outage is told by the page, and the next look makes up for it. */
  async look(): Promise<void> {
    if (this.command.busy) return;
    const found = await leadApi.waiting(this.#desk.workshop).catch(() => null);
    if (found && !this.command.busy) this.#show(found);
  }

  letIn(people: readonly Waiting[]): Promise<void> {
    return this.#answer({ let_in: people.map(({ id }) => id) });
  }

  turnAway({ id }: Waiting): Promise<void> {
    return this.#answer({ turn_away: [id] });
  }

  async #answer(body: { let_in?: string[]; turn_away?: string[] }): Promise<void> {
    const left = await this.command.run(() => leadApi.answerWaiting(this.#desk.workshop, body));
    if (left) this.#show(left);
  }

  #show(now: readonly Waiting[]): void {
    const known = new Set(this.waiting.map(({ id }) => id));
    if (now.some(({ id }) => !known.has(id))) announce(t('door.waiting', { n: now.length }));
    this.waiting = now;
  }
}

const doorbells = new WeakMap<DeskState, Doorbell>();

/** The one of this desk: the strip above the board and the door itself show the same. */
export function doorbellOf(desk: DeskState): Doorbell {
  const found = doorbells.get(desk) ?? new Doorbell(desk);
  doorbells.set(desk, found);
  return found;
}
