/** On the way to an item of some board: opens the board, calls for the item, or says it is gone. */
import { untrack } from 'svelte';
import type { Neighbours } from '../replica/neighbours.svelte';
import { notesOf } from '../document/schema';
import type { Replica } from '../replica/replica.svelte';
import type { BoardSession } from '../session/session.svelte';
import { t } from '../i18n/i18n';
import { toasts } from '../browser/toasts.svelte';
import type { Sought } from './address';

/** A note that was written this moment may come a little after its board. */
const LATE_MS = 3_000;

export interface Journey {
  readonly session: () => BoardSession | null;
  readonly neighbours: Neighbours;
  /** In a group, where one stays until it ends. */
  readonly seated: () => boolean;
  /** The shared board that a board is, or is a group's copy of. */
  readonly home: (board: string) => string;
  readonly go: (board: string) => void;
}

export class Seeker {
  readonly #journey: Journey;
  #sought = $state.raw<Sought | null>(null);

  constructor(journey: Journey) {
    this.#journey = journey;
  }

  seek(sought: Sought): void {
    this.#sought = sought;
  }

  forget(): void {
    this.#sought = null;
  }

  /** Called while mounting. */
  follow(): void {
    $effect(() => this.#search());
    $effect(() => this.#arrive());
    $effect(() => {
      if (!this.#sought || !this.#lookedEverywhere()) return;
      const late = setTimeout(() => this.#miss(), LATE_MS);
      return () => clearTimeout(late);
    });
  }

  /** Without a board: on all of them, and from within a group on its own. */
  #search(): void {
    const sought = this.#sought;
    if (sought?.board !== null) return;
    const { session, seated, neighbours, go } = this.#journey;
    if (seated()) {
      const own = session()?.board.id;
      if (own !== undefined) this.#sought = { ...sought, board: own };
      return;
    }
    untrack(() => neighbours.openAll());
    const found = neighbours.boards.find(({ id }) => has(neighbours.session(id), sought));
    if (!found) return;
    untrack(() => go(found.id));
    this.#sought = { ...sought, board: found.id };
  }

  #arrive(): void {
    const sought = this.#sought;
    if (!sought || sought.board === null) return;
    const { session, seated } = this.#journey;
    const here = this.#here(sought.board);
    if (!here && seated() && session()) {
      this.#sought = null;
      toasts.show(t('note.link-elsewhere'));
    } else if (here && has(here, sought)) {
      this.#sought = null;
      here.workspace.calling = sought;
    }
  }

  /** The open board, if it is the one that is meant or another copy of it. */
  #here(board: string): BoardSession | null {
    const { session, home } = this.#journey;
    const open = session();
    return open && home(open.board.id) === home(board) ? open : null;
  }

  #lookedEverywhere(): boolean {
    const { neighbours } = this.#journey;
    const board = this.#sought?.board;
    if (board == null) return neighbours.boards.every(({ id }) => neighbours.session(id)?.loaded);
    return this.#here(board)?.loaded === true;
  }

  #miss(): void {
    const sought = this.#sought;
    const session = this.#journey.session();
    this.#sought = null;
    if (!sought) return;
    const deleted = session !== null && notesOf(session.doc).has(sought.id);
    if (!deleted || !session.mayWrite) {
      toasts.show(t(deleted ? 'note.link-deleted' : 'note.link-missing'));
      return;
    }
    const run = () => session.workspace.bringBack([sought.id]);
    toasts.show(t('note.link-deleted'), { action: { label: t('note.bring-back'), run } });
  }
}

/** Whether it is there to be shown; only notes come and go by themselves. */
function has(session: Replica | null, { kind, id }: Sought): boolean {
  if (!session?.loaded) return false;
  if (kind !== 'note') return true;
  // Notes have no signal of their own to come and go: the board's last change is one.
  void session.state.lastChange;
  return session.state.item(id) !== null;
}
