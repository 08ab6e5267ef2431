/** What this person has on this device that the server does not have: what waits, and what never can be brought. */
import { untrack } from 'svelte';
import { bringBack, stands } from '../session/bring-back';
import { newId } from '../document/ids';
import { planOf } from '../session/plan.svelte';
import { rightsOn } from '../workshop/rights';
import type { BoardSession } from '../session/session.svelte';
import { announce } from '../browser/announce.svelte';
import { api } from '../api/api';
import { t, tIfKnown } from '../i18n/i18n';
import { remember, recall } from '../device/remembered';
import { toasts } from '../browser/toasts.svelte';
import { Courier, type Outlook } from '../net/outbox/courier';
import { countChanges } from '../net/wire/ledger';
import { shelf, type Aside, type Shelf, type Waiting } from '../net/outbox/shelf';
import { deletes, textsOf } from '../net/wire/texts';
import { Throttle } from '../net/throttle';
import type { Notice } from '../net/wire/wire';
import { answerOf } from './bring';
import type { DeskState } from './desk.svelte';

export interface Elsewhere {
  readonly board: string;
  /** How many notes and other things were changed. */
  readonly changes: number;
}

export interface BelongingsOptions {
  readonly desk: DeskState;
  readonly session: () => BoardSession | null;
  /** What a board is called here. */
  readonly nameOf: (board: string) => string;
  readonly shelf?: Shelf;
}

const LOOK_MS = 300;
/** What another connection is about to bring is no alarm yet. */
const YOUNG_MS = 3_000;
const MOST_SEEN = 200;
const NOTICE_SECONDS = 30;

/** The list of one person's own work on this device that the server does not have. */
export class Belongings {
  /** What waits and is not in the hands of the open board's connection. */
  elsewhere = $state.raw<readonly Elsewhere[]>([]);
  /** Something of it was written a moment ago, and is on its way. */
  moving = $state(false);
  asides = $state.raw<readonly Aside[]>([]);

  readonly #options: BelongingsOptions;
  readonly #shelf: Shelf;
  readonly #courier: Courier;
  readonly #look = new Throttle(
    () => void this.#read(),
    () => LOOK_MS,
  );
  #later: ReturnType<typeof setTimeout> | null = null;

  constructor(options: BelongingsOptions) {
    this.#options = options;
    this.#shelf = options.shelf ?? shelf();
    this.#courier = new Courier({
      shelf: this.#shelf,
      person: this.#me,
      deliver: (...edit) => answerOf(api.bring(...edit)),
      outlook: (board, lineage) => this.#outlook(board, lineage),
      isTended: (row) => this.#isTended(row),
      givesUp: (row) => this.#givesUp(row),
      onBrought: (board, n, rows) => {
        this.#tellBrought(board, n);
        void this.#tellOfGone(board, rows);
      },
      onNotice: (board, notice) => this.take(board, notice),
    });
  }

  get #me(): string {
    return this.#options.desk.me.id;
  }

  /** Keep in step. Called while mounting. */
  follow(): void {
    const { desk, session } = this.#options;
    $effect(() => {
      const stop = this.#shelf.onChange(() => this.#look.call());
      this.#look.call();
      return () => {
        stop();
        this.#look.cancel();
        this.#courier.destroy();
        if (this.#later) clearTimeout(this.#later);
      };
    });
    // Where one may write, which boards there are, and whether the server is there.
    const news = $derived(
      JSON.stringify([
        desk.now.locks,
        desk.now.breakouts,
        desk.now.boards,
        desk.status === 'saved',
      ]),
    );
    $effect(() => {
      void [news, session()?.refused];
      if (desk.loaded) this.#courier.nudge();
    });
    $effect(() => {
      const open = session();
      if (open?.loaded) this.#withdraw(open);
    });
    $effect(() => {
      const open = session();
      const unsaved = open?.unsaved ?? 0;
      untrack(() => this.#opened(open, unsaved));
    });
  }

  /** The server put right what was written on a board: told once, and what could not stay is kept. */
  take(board: string, { id, code, texts, count, item }: Notice): void {
    if (!this.#isNews(id)) return;
    if (texts.length > 0) {
      const person = this.#me;
      const key = `${person}/${item?.id ?? id}`;
      const aside = { key, board, person, at: Date.now(), code, texts, count };
      this.#shelf.setAside({ ...aside, ...(item && { item }) });
    } else {
      toasts.show(sentenceOf(code, count), { seconds: NOTICE_SECONDS });
    }
  }

  nameOf(board: string): string {
    return this.#options.nameOf(board);
  }

  /** What it was written in was deleted, and can stand on the open board again. */
  mayBringBack({ board, item }: Aside): boolean {
    const session = this.#options.session();
    return item !== undefined && session?.board.id === board && session.mayWrite && session.loaded;
  }

  bringBack(aside: Aside): void {
    const session = this.#options.session();
    if (!session || !aside.item) return;
    bringBack(session, aside.item);
    this.throwAway(aside);
  }

  throwAway({ key }: Aside): void {
    this.#shelf.throwAway(key);
  }

  /** What was deleted stands on the open board again, by whomever: its words are where they were. */
  #withdraw(session: BoardSession): void {
    void session.state.lastChange;
    for (const aside of this.asides) {
      if (!aside.item || aside.board !== session.board.id) continue;
      if (aside.item.kind === 'experiment') void planOf(session).experiments;
      // A board that has not heard of the deletion yet shows what is gone.
      if (!stands(session, aside.item)) this.#seenGone.add(aside.key);
      else if (this.#seenGone.delete(aside.key) || aside.at < session.loadedAt) {
        this.throwAway(aside);
      }
    }
  }
  readonly #seenGone = new Set<string>();

  /** Each notice once, in whichever tab it is heard first; the server may repeat it. */
  #isNews(id: string): boolean {
    const { workshop } = this.#options.desk;
    const seen = recall(workshop).noticed ?? [];
    if (seen.includes(id) || this.#seen.has(id)) return false;
    this.#seen.add(id);
    remember(workshop, { noticed: [...seen, id].slice(-MOST_SEEN) });
    return true;
  }
  readonly #seen = new Set<string>();

  /** Another board is open: what the one before had in its hands waits, before it is found on the disk. */
  #opened(session: BoardSession | null, unsaved: number): void {
    if (session !== this.#open && this.#unsaved > 0) this.moving = true;
    this.#open = session;
    this.#unsaved = unsaved;
    this.#look.call();
  }
  #open: BoardSession | null = null;
  #unsaved = 0;

  async #read(): Promise<void> {
    const [rows, asides] = await Promise.all([
      this.#shelf.waitingOf(this.#me),
      this.#shelf.asideOf(this.#me),
    ]);
    const others = rows.filter((row) => !this.#isTended(row));
    const old = others.filter(({ at }) => Date.now() - at > YOUNG_MS);
    this.elsewhere = byBoard(old);
    this.moving = others.length > old.length;
    this.#showAsides(asides);
    if (this.moving) this.#lookLater();
    if (others.length > 0) this.#courier.wake();
  }

  #lookLater(): void {
    if (this.#later) clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#look.call(), YOUNG_MS);
  }

  #showAsides(asides: readonly Aside[]): void {
    const known = new Set(this.asides.map(({ key }) => key));
    const [fresh] = asides.filter(({ key }) => !known.has(key));
    if (fresh) announce(sentenceOf(fresh.code, fresh.count));
    if (fresh || asides.length < this.asides.length) this.asides = asides;
  }

  /** The open board's connection has it in its hands. */
  #isTended({ board, key, suspect }: Waiting): boolean {
    const session = this.#options.session();
    if (suspect || !session || session.refused || session.board.id !== board) return false;
    return session.provider.keys.includes(key);
  }

  #outlook(id: string, lineage: string): Outlook {
    const { desk } = this.#options;
    const board = desk.board(id);
    // The server knows more boards than a desk that is not up to date.
    if (!board) return 'ask';
    if (board.lineage !== lineage) return { never: 'lineage-mismatch' };
    const { mayWrite } = rightsOn(board, desk.me, desk.now);
    return mayWrite || board.group !== null ? 'ask' : 'later';
  }

  /**
   * Not taken: a group's work is over, and so is the time for what comes late; or one may write there,
   * and a connection ended over it, so that it is the edit itself that is forbidden.
   */
  #givesUp({ board: id, suspect }: Waiting): string | null {
    const { desk } = this.#options;
    const board = desk.board(id);
    if (!board || desk.status !== 'saved') return null;
    const { mayWrite } = rightsOn(board, desk.me, desk.now);
    if (mayWrite) return suspect ? 'refused' : null;
    return board.group === null ? null : 'too-late';
  }

  /** Words that were brought into what somebody has deleted: no open board can tell of them. */
  async #tellOfGone(board: string, rows: readonly Waiting[]): Promise<void> {
    if (wordsOf(rows).size === 0) return;
    const now = await api.idsOn(board).catch(() => null);
    if (!now) return;
    for (const [id, texts] of wordsOf(rows)) {
      if (!now.has(id)) this.take(board, { id: newId(), code: 'note-gone', texts, count: 1 });
    }
  }

  /** Where it went; what came after its group's work was over is not before one's eyes yet. */
  #tellBrought(id: string, n: number): void {
    const group = this.#options.desk.board(id)?.group ?? null;
    const said = { n, board: this.nameOf(id) };
    if (group === null) toasts.show(t('waiting.brought', said));
    else toasts.show(t('waiting.brought-late', said), { seconds: NOTICE_SECONDS });
  }
}

/** What happened to what was written, by the code of a notice or of a refusal. */
export function sentenceOf(code: string, n: number): string {
  const known = tIfKnown(`notice.${code}`, { n }) ?? tIfKnown(`aside.${code}`);
  return known ?? t('aside.refused');
}

/** What these edits write, by what they write in; what they delete themselves is left out. */
function wordsOf(rows: readonly Waiting[]): Map<string, string[]> {
  const ids = new Set(rows.flatMap(({ about = [] }) => about));
  const found = new Map<string, string[]>();
  for (const id of ids) {
    const updates = rows.filter(({ about }) => about?.includes(id)).map(({ update }) => update);
    const texts = updates.some(deletes) ? [] : textsOf(updates);
    if (texts.length > 0) found.set(id, texts);
  }
  return found;
}

function byBoard(rows: readonly Waiting[]): Elsewhere[] {
  const boards = [...new Set(rows.map(({ board }) => board))];
  return boards.map((board) => {
    const edits = rows.filter((row) => row.board === board);
    return { board, changes: countChanges(edits.map(({ key, about = [] }) => ({ key, about }))) };
  });
}
