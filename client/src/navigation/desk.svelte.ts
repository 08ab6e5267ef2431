import * as Y from 'yjs';
import type { Me } from '../workshop/workshop';
import { EMPTY_DESK, readDesk, type BoardInfo, type Desk } from '../workshop/desk';
import { Drafts } from '../device/drafts';
import { Lingering } from '../net/lingering';
import { Presence } from '../net/presence';
import { Provider, type Refusal, type SyncStatus } from '../net/provider';
import { ServedAwareness } from '../net/served-awareness';
import { isLive } from '../net/status';
import type { Notice } from '../net/wire/wire';

const MOST_NOTICES = 50;
export const SIGNED_OUT = 4401;
/** So long a connection may still have been on its way in with the key of before. */
const RENEWAL_MS = 10_000;
const MOST_TRIES = 5;

/** The workshop's desk, live. Only the server writes it; here it is read and shown. */
export class DeskState {
  readonly workshop: string;
  /** As the desk knows us now: a name and a role can be changed while one is here. */
  readonly me: Me;
  /** What this person has filled in and not sent. */
  readonly drafts: Drafts;
  /** All of the desk as plain values; a new object for each change. */
  now = $state.raw<Desk>(EMPTY_DESK);
  /** Ids of the people whose browser is connected, as the server knows; ourselves included. */
  here = $state.raw<ReadonlySet<string>>(new Set());
  /** Of those: person → board that stands open with them, as their browser says; ours included. */
  stands = $state.raw<ReadonlyMap<string, string>>(new Map());
  status = $state<SyncStatus>('connecting');
  refused = $state.raw<Refusal | null>(null);
  /** Many notes that one person deleted, by the notice's id as it was told last; for who leads. */
  deleted = $state.raw<ReadonlyMap<string, Notice>>(new Map());
  /** The desk has arrived at least once. */
  loaded = $state(false);

  readonly #doc = new Y.Doc();
  readonly #provider: Provider;
  readonly #presence: Presence;
  /** With the board that stands open; empty: none is known. */
  readonly #lingering = new Lingering<string>(() => this.#look());
  #board: string | null = null;
  /** What `here` and `stands` say, for reading where nothing should follow it. */
  #there: ReadonlyMap<string, string> = new Map();
  #dirty = false;
  #tries = 0;

  /**
   * `start`: the desk as the page brought it along, a Yjs update in base64. `unseen`: to look on, as no
   * place at which somebody is.
   */
  constructor(workshop: string, me: Me, start?: string, unseen = false) {
    this.workshop = workshop;
    const now = () => this.now.people[me.id] ?? me;
    this.me = {
      id: me.id,
      get name() {
        return now().name;
      },
      get role() {
        return now().role;
      },
    };
    this.drafts = new Drafts(workshop, me.id);
    const awareness = new ServedAwareness(this.#doc);
    this.#presence = new Presence(awareness, unseen);
    this.#presence.onChange(() => this.#look());
    this.#provider = new Provider({
      board: workshop,
      doc: this.#doc,
      awareness,
      onNotice: (notice) => this.#take(notice),
    });
    this.#provider.onChange(() => this.#follow());
    this.#doc.on('update', () => this.#touch());
    if (start !== undefined) this.#begin(start);
    this.#look();
  }

  #begin(start: string): void {
    Y.applyUpdate(
      this.#doc,
      Uint8Array.from(atob(start), (byte) => byte.charCodeAt(0)),
      'page',
    );
    this.#read();
    this.#lingering.presume(new Map(Object.keys(this.now.people).map((id) => [id, ''] as const)));
    this.loaded = true;
  }

  connect(): void {
    this.#provider.connect();
  }

  /** When this browser got a new key, by a clock that is never set; the one before opens nothing. */
  renewed = $state<number | null>(null);

  /** This browser has a new key: what was refused with the one before is tried with it. */
  renew(): void {
    this.renewed = performance.now();
    this.#tries = 0;
    this.#follow();
  }

  /** That one is signed out was said of the key before. */
  get isOldKey(): boolean {
    return this.renewed !== null && performance.now() - this.renewed < RENEWAL_MS;
  }

  /** A facilitator has sent this person out: the desk said so before it was closed. */
  get removed(): boolean {
    const { refused, loaded, now, me } = this;
    return refused?.code === SIGNED_OUT && loaded && !(me.id in now.people);
  }

  /** Try again now instead of when the pause is over. */
  retry(): void {
    this.#provider.disconnect();
    this.#provider.connect();
  }

  destroy(): void {
    this.#presence.destroy();
    this.#lingering.destroy();
    this.#provider.destroy();
  }

  /** Tell everybody which board stands open here. */
  stand(board: string | null): void {
    this.#board = board;
    this.#presence.stand(board);
    this.#look();
  }

  board(id: string | null): BoardInfo | null {
    return id === null ? null : (this.now.boards[id] ?? null);
  }

  #take(notice: Notice): void {
    if (!notice.deleted) return;
    const others = [...this.deleted].filter(([id]) => id !== notice.id).slice(1 - MOST_NOTICES);
    this.deleted = new Map([...others, [notice.id, notice]]);
  }

  #follow(): void {
    this.status = this.#provider.status;
    this.refused = this.#provider.refused;
    if (this.refused?.code === SIGNED_OUT && this.isOldKey && this.#tries < MOST_TRIES) {
      this.#tries += 1;
      return this.retry();
    }
    this.#look();
    if (this.#provider.loaded && !this.loaded) {
      this.#read();
      this.loaded = true;
    }
  }

  #look(): void {
    const now = new Map(this.#presence.others.map(({ person, board = '' }) => [person, board]));
    const there = this.#lingering.look(now, isLive(this.#provider.status));
    there.set(this.me.id, this.#board ?? '');
    const before = this.#there;
    this.#there = there;
    const isSame = there.size === before.size && [...there.keys()].every((id) => before.has(id));
    if (!isSame) this.here = new Set(there.keys());
    if (isSame && [...there].every(([id, board]) => before.get(id) === board)) return;
    this.stands = new Map([...there].filter(([, board]) => board !== ''));
  }

  /** Many updates of one moment are read once. */
  #touch(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    queueMicrotask(() => this.#read());
  }

  #read(): void {
    this.#dirty = false;
    this.now = readDesk(this.#doc);
  }
}
