/** One open board: its document, the way to the server, its people, and what may be done here. */
import * as Y from 'yjs';
import { BrowserOutbox } from '../net/outbox/outbox';
import { Presence, type Other } from '../net/presence';
import { ServedAwareness } from '../net/served-awareness';
import { isLive } from '../net/status';
import { Provider, type Refusal, type SyncStatus } from '../net/provider';
import type { Notice } from '../net/wire/wire';
import { Blanks } from '../document/blanks';
import { BoardState, ThemeItem, type Holder, type NoteItem } from '../replica/board.svelte';
import { GridView } from './grid.svelte';
import { Intents } from '../document/intents';
import type { Point } from '../layout/layout';
import { ARRIVAL_MS, Lingering } from '../net/lingering';
import type { Neighbours } from './neighbours.svelte';
import type { ReadOnlyReason } from '../workshop/rights';
import { BoardStore } from '../document/store';
import type { RoundMark } from '../workshop/survey';
import { Theming } from './theming.svelte';
import type { Voting } from '../workshop/place';
import { Votes } from '../replica/votes.svelte';
import { Undo } from '../document/undo';
import { Workspace } from './workspace.svelte';
import type { BoardDefinition, BoardInfo, GroupMark, Me, Person } from '../workshop/workshop';

export interface SessionOptions {
  readonly board: BoardInfo;
  /** The board as the workbook describes it. */
  readonly view: BoardDefinition;
  readonly me: Me;
  readonly mayWrite: boolean;
  /** Why one may not write; shown as a sentence. */
  readonly reason?: ReadOnlyReason | null;
  readonly people: () => Record<string, Person>;
  readonly groups: () => Record<string, GroupMark>;
  /** Look on without being seen and without writing: for miniatures. */
  readonly quiet?: boolean;
  /** What a survey needs beside the document: its answers are never in one. */
  readonly survey?: SurveySource;
  /** How this board is voted on, as the desk says it; null where it never was. */
  readonly voting?: () => Voting | null;
  /** Pages that the group of this board fills in. */
  readonly pages?: readonly number[];
  /** The server put right what was written here. */
  readonly onNotice?: (notice: Notice) => void;
  /** The other boards, for links and for what stands beside; none on a board that is looked on. */
  readonly neighbours?: Neighbours;
}

export interface SurveySource {
  readonly workshop: string;
  /** Form → its last round, as the desk tells it. */
  readonly rounds: () => Readonly<Record<string, RoundMark>>;
}

export class BoardSession {
  readonly board: BoardInfo;
  readonly view: BoardDefinition;
  readonly me: Me;
  readonly people: () => Record<string, Person>;
  readonly groups: () => Record<string, GroupMark>;
  readonly survey: SurveySource | null;
  readonly voting: () => Voting | null;
  readonly votes: Votes;
  readonly grid: GridView;
  readonly neighbours: Neighbours | null;
  /** Something became of what was written here: said, and what is lost can be copied. */
  readonly tell: (notice: Notice) => void;
  readonly doc = new Y.Doc();
  readonly provider: Provider;
  readonly presence: Presence;
  readonly store: BoardStore;
  readonly undo: Undo;
  readonly intents: Intents;
  readonly state: BoardState;
  readonly workspace: Workspace;
  readonly theming: Theming;
  readonly blanks: Blanks;

  /** Rights may change while the board is open: see `allow`. */
  mayWrite = $state(false);
  reason = $state<ReadOnlyReason | null>(null);

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
  canUndo = $state(false);
  canRedo = $state(false);
  /** The answer that is being written, by its key. */
  answering = $state<string | null>(null);
  readonly #lingering = new Lingering<Other>(() => this.#meet());
  readonly #held = new Set<string>();
  /** Notes and themes that somebody writes or carries, and that are not on the screen yet. */
  readonly #expected = new Set<string>();

  constructor(options: SessionOptions) {
    const { board, view, me, people, groups, quiet = false } = options;
    this.board = board;
    this.view = view;
    this.me = me;
    this.people = people;
    this.groups = groups;
    this.survey = options.survey ?? null;
    this.voting = options.voting ?? (() => null);
    this.grid = new GridView(view, options.pages);
    this.neighbours = options.neighbours ?? null;
    this.tell = options.onNotice ?? (() => undefined);
    this.mayWrite = options.mayWrite && !quiet;
    this.reason = options.reason ?? null;
    const awareness = new ServedAwareness(this.doc);
    const { id, lineage } = board;
    // Also for who may only read now: what they wrote before waits until they may write again.
    const outbox = quiet ? undefined : new BrowserOutbox({ board: id, lineage, person: me.id });
    this.presence = new Presence(awareness, quiet);
    this.provider = new Provider({
      board: id,
      lineage,
      doc: this.doc,
      awareness,
      outbox,
      onNotice: this.tell,
    });
    this.store = new BoardStore(this.doc, id);
    this.undo = new Undo(this.doc, id);
    this.votes = new Votes(this.doc, me.id);
    this.intents = new Intents(this.doc, id, me.id, this.undo);
    this.state = new BoardState(this.store, view, (gone) => this.workspace.forget(gone));
    this.blanks = new Blanks(id, me.id);
    this.workspace = new Workspace(this);
    this.theming = new Theming(this);
    this.store.subscribe(() => {
      this.workspace.settle();
      this.theming.settle();
    });
    this.provider.onChange(this.#follow);
    this.undo.onChange(this.#followUndo);
    this.presence.onChange(this.#followPeople);
    this.store.subscribe((changed) => {
      if ([...this.#expected].some((id) => changed.has(id))) this.#followPeople();
    });
    this.provider.connect();
  }

  /** Whoever may no longer write stops in the middle of a sentence, while its field still stands. */
  allow(mayWrite: boolean, reason: ReadOnlyReason | null): void {
    if (this.mayWrite && !mayWrite) {
      this.workspace.interrupt();
      this.theming.endNaming();
    }
    this.mayWrite = mayWrite;
    this.reason = reason;
  }

  /** In the middle of a sentence: not to be led elsewhere. */
  get busy(): boolean {
    const { workspace, theming, answering } = this;
    return workspace.editing !== null || theming.naming !== null || answering !== null;
  }

  /** Leave the board. Edits on their way still get a moment to arrive. */
  destroy(): void {
    if (this.#sweeping) clearTimeout(this.#sweeping);
    this.workspace.leave();
    this.theming.leave();
    this.presence.destroy();
    this.#lingering.destroy();
    this.store.destroy();
    this.votes.destroy();
    this.undo.destroy();
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
    if (loaded && !this.loaded) this.#arrive();
    this.loaded = loaded;
  };

  #arrive(): void {
    this.loadedAt = Date.now();
    this.store.flush();
    // Who is in which note is known a moment later.
    this.#sweeping ??= setTimeout(() => this.#sweep(), ARRIVAL_MS);
  }
  #sweeping: ReturnType<typeof setTimeout> | null = null;

  /** Empty notes that an earlier page of this browser left here. */
  #sweep(): void {
    const own = this.workspace.editing?.id;
    const held = [own, ...this.presence.others.map(({ edit }) => edit)].filter((id) => id != null);
    if (this.mayWrite) this.blanks.sweep(this.doc, this.me.id, new Set(held));
  }

  readonly #followUndo = (): void => {
    this.canUndo = this.undo.canUndo;
    this.canRedo = this.undo.canRedo;
  };

  #meet(): void {
    const now = new Map(this.presence.others.map((other) => [other.person, other]));
    this.present = [...this.#lingering.look(now, isLive(this.provider.status)).values()];
  }

  readonly #followPeople = (): void => {
    this.others = this.presence.others;
    this.#meet();
    const holders = new Map(this.others.flatMap(holdersOf));
    for (const id of [...this.#held]) if (!holders.has(id)) this.#release(id);
    this.#expected.clear();
    for (const [id, { holder, offset }] of holders) {
      const item = this.#find(id);
      if (!item) {
        this.#expected.add(id);
        continue;
      }
      this.#held.add(id);
      if (item.holder?.name !== holder.name || item.holder.doing !== holder.doing) {
        item.holder = holder;
      }
      if (!item.inHand) shift(item, offset);
    }
  };

  #find(id: string): NoteItem | ThemeItem | null {
    return this.state.item(id) ?? this.state.theme(id);
  }

  #release(id: string): void {
    this.#held.delete(id);
    const item = this.#find(id);
    if (!item) return;
    item.holder = null;
    if (!item.inHand) shift(item, null);
  }
}

function shift(item: NoteItem | ThemeItem, offset: Point | null): void {
  if (item instanceof ThemeItem) item.shift(offset);
  else item.offset = offset;
}

interface Held {
  readonly holder: Holder;
  readonly offset: { x: number; y: number } | null;
}

function holdersOf({ name, color, edit, drag }: Other): [string, Held][] {
  const held: [string, Held][] = [];
  if (drag) {
    const offset = { x: drag.dx, y: drag.dy };
    for (const id of drag.ids) held.push([id, { holder: { name, color, doing: 'drag' }, offset }]);
  }
  if (edit) held.push([edit, { holder: { name, color, doing: 'edit' }, offset: null }]);
  return held;
}
