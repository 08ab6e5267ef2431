/** One live board as everybody sees it: its document, the way to the server, its people. */
import * as Y from 'yjs';
import { BoardStore } from '../document/store';
import { Lingering } from '../net/lingering';
import type { BrowserOutbox } from '../net/outbox/outbox';
import { Presence, type Other } from '../net/presence';
import { Provider, type Refusal, type SyncStatus } from '../net/provider';
import { ServedAwareness } from '../net/served-awareness';
import { isLive } from '../net/status';
import type { Notice } from '../net/wire/wire';
import type { Voting, RoundMark, BoardInfo, Person } from '../workshop/desk';
import type { BoardDefinition, GroupMark, Me } from '../workshop/workshop';
import { BoardState } from './board.svelte';
import { Votes } from './votes.svelte';

export interface ReplicaOptions {
  readonly board: BoardInfo;
  /** The board as the workbook describes it. */
  readonly view: BoardDefinition;
  readonly me: Me;
  readonly people: () => Record<string, Person>;
  readonly groups: () => Record<string, GroupMark>;
  /** What a survey needs beside the document: its answers are never in one. */
  readonly survey?: SurveySource;
  /** How this board is voted on, as the desk says it; null where it never was. */
  readonly voting?: () => Voting | null;
}

export interface SurveySource {
  readonly workshop: string;
  /** Form → its last round, as the desk tells it. */
  readonly rounds: () => Readonly<Record<string, RoundMark>>;
}

/** What is added for whoever works on the board; without it one looks on, and nobody sees it. */
interface Working {
  /** Keeps edits until the server has them. */
  readonly outbox: BrowserOutbox;
  readonly onNotice: ((notice: Notice) => void) | undefined;
  /** These notes have left the board; called before they leave the screen. */
  readonly onGone: (ids: readonly string[]) => void;
  /** The whole board has arrived for the first time. */
  readonly onArrival: () => void;
}

/**
 * A live board to look on: nothing here changes it. Miniatures and what stands beside a board need
 * no more; a `BoardSession` is one with all that a person works with.
 */
export class Replica {
  readonly board: BoardInfo;
  readonly view: BoardDefinition;
  readonly me: Me;
  readonly people: () => Record<string, Person>;
  readonly groups: () => Record<string, GroupMark>;
  readonly survey: SurveySource | null;
  readonly voting: () => Voting | null;
  readonly doc = new Y.Doc();
  readonly provider: Provider;
  readonly presence: Presence;
  readonly store: BoardStore;
  readonly state: BoardState;
  readonly votes: Votes;

  status = $state<SyncStatus>('connecting');
  /** Own edits that are not durable yet. */
  unsaved = $state(0);
  /** How many notes and other things these change. */
  changes = $state(0);
  /** Why the server does not take edits for now: "read-only" or "full"; null while it does. */
  closedBy = $state<string | null>(null);
  /** They are on this device's disk. */
  kept = $state(true);
  /** The whole board has arrived at least once. */
  loaded = $state(false);
  /** When it had, first; milliseconds since 1970. */
  loadedAt = Infinity;
  refused = $state.raw<Refusal | null>(null);
  others = $state.raw<readonly Other[]>([]);
  /** Who else is here, one entry a person, without the flicker of reconnects. */
  present = $state.raw<readonly Other[]>([]);

  readonly #lingering = new Lingering<Other>(() => this.#meet());
  readonly #onArrival: () => void;

  constructor(options: ReplicaOptions, working: Working | null = null) {
    const { board, view, me } = options;
    this.board = board;
    this.view = view;
    this.me = me;
    this.people = options.people;
    this.groups = options.groups;
    this.survey = options.survey ?? null;
    this.voting = options.voting ?? (() => null);
    this.#onArrival = working?.onArrival ?? nothing;
    const awareness = new ServedAwareness(this.doc);
    this.presence = new Presence(awareness, working === null);
    this.provider = new Provider({
      board: board.id,
      lineage: board.lineage,
      doc: this.doc,
      awareness,
      outbox: working?.outbox,
      onNotice: working?.onNotice,
    });
    this.store = new BoardStore(this.doc, board.id);
    this.votes = new Votes(this.doc, me.id);
    this.state = new BoardState(this.store, view, working?.onGone ?? nothing);
    this.provider.onChange(this.#follow);
    this.presence.onChange(this.#followPeople);
  }

  /** Once all that hears of it is there. */
  connect(): this {
    this.provider.connect();
    return this;
  }

  /** Leave the board. Edits on their way still get a moment to arrive. */
  destroy(): void {
    this.presence.destroy();
    this.#lingering.destroy();
    this.store.destroy();
    this.votes.destroy();
    this.provider.destroy();
  }

  readonly #follow = (): void => {
    const { status, unsaved, changes, closedBy, kept, loaded, refused } = this.provider;
    this.status = status;
    this.unsaved = unsaved;
    this.changes = changes;
    this.closedBy = closedBy;
    this.kept = kept;
    this.refused = refused;
    this.#meet();
    // The first picture of a board comes whole: not empty first and filled in the next frame.
    if (loaded && !this.loaded) {
      this.loadedAt = Date.now();
      this.store.flush();
      this.#onArrival();
    }
    this.loaded = loaded;
  };

  readonly #followPeople = (): void => {
    this.others = this.presence.others;
    this.#meet();
  };

  #meet(): void {
    const now = new Map(this.presence.others.map((other) => [other.person, other]));
    this.present = [...this.#lingering.look(now, isLive(this.provider.status)).values()];
  }
}

function nothing(): void {
  // Nobody works here who would have to hear of it.
}
