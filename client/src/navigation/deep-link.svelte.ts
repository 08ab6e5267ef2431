/** On the way to an item of some board: opens the board, calls for the item, or says it is gone. */
import { untrack } from 'svelte';
import type { Neighbours } from '../replica/neighbours.svelte';
import { notesOf } from '../document/schema';
import type { Replica } from '../replica/replica.svelte';
import type { BoardSession } from '../session/session.svelte';
import { t } from '../i18n/i18n';
import { toasts } from '../browser/toasts.svelte';
import type { LinkTarget } from './address';

/** A note that was written this moment may come a little after its board. */
const LATE_MS = 3_000;

export interface DeepLinkOptions {
  readonly session: () => BoardSession | null;
  readonly neighbours: Neighbours;
  /** In a group, where one stays until it ends. */
  readonly seated: () => boolean;
  /** The shared board that a board is, or is a group's copy of. */
  readonly home: (board: string) => string;
  readonly go: (board: string) => void;
}

/** The item that a link leads to, for as long as one is on the way to it. */
export class DeepLink {
  readonly #options: DeepLinkOptions;
  #target = $state.raw<LinkTarget | null>(null);

  constructor(options: DeepLinkOptions) {
    this.#options = options;
  }

  open(target: LinkTarget): void {
    this.#target = target;
  }

  forget(): void {
    this.#target = null;
  }

  /** Called while mounting. */
  follow(): void {
    $effect(() => this.#search());
    $effect(() => this.#arrive());
    $effect(() => {
      if (!this.#target || !this.#lookedEverywhere()) return;
      const late = setTimeout(() => this.#miss(), LATE_MS);
      return () => clearTimeout(late);
    });
  }

  /** Without a board: on all of them, and from within a group on its own. */
  #search(): void {
    const target = this.#target;
    if (target?.board !== null) return;
    const { session, seated, neighbours, go } = this.#options;
    if (seated()) {
      const own = session()?.board.id;
      if (own !== undefined) this.#target = { ...target, board: own };
      return;
    }
    untrack(() => neighbours.openAll());
    const found = neighbours.boards.find(({ id }) => has(neighbours.session(id), target));
    if (!found) return;
    untrack(() => go(found.id));
    this.#target = { ...target, board: found.id };
  }

  #arrive(): void {
    const target = this.#target;
    if (!target || target.board === null) return;
    const { session, seated } = this.#options;
    const here = this.#here(target.board);
    if (!here && seated() && session()) {
      this.#target = null;
      toasts.show(t('note.link-elsewhere'));
    } else if (here && has(here, target)) {
      this.#target = null;
      here.workspace.focusRequest = target;
    }
  }

  /** The open board, if it is the one that is meant or another copy of it. */
  #here(board: string): BoardSession | null {
    const { session, home } = this.#options;
    const open = session();
    return open && home(open.board.id) === home(board) ? open : null;
  }

  #lookedEverywhere(): boolean {
    const { neighbours } = this.#options;
    const board = this.#target?.board;
    if (board == null) return neighbours.boards.every(({ id }) => neighbours.session(id)?.loaded);
    return this.#here(board)?.loaded === true;
  }

  #miss(): void {
    const target = this.#target;
    const session = this.#options.session();
    this.#target = null;
    if (!target) return;
    const deleted = session !== null && notesOf(session.doc).has(target.id);
    if (!deleted || !session.mayWrite) {
      toasts.show(t(deleted ? 'note.link-deleted' : 'note.link-missing'));
      return;
    }
    const run = () => session.workspace.bringBack([target.id]);
    toasts.show(t('note.link-deleted'), { action: { label: t('note.bring-back'), run } });
  }
}

/** Whether it is there to be shown; only notes come and go by themselves. */
function has(session: Replica | null, { kind, id }: LinkTarget): boolean {
  if (!session?.loaded) return false;
  if (kind !== 'note') return true;
  // Notes have no signal of their own to come and go: the board's last change is one.
  void session.state.lastChange;
  return session.state.item(id) !== null;
}
