/** The board that a person works on: a live board, and all that their hands need there. */
import { Blanks } from '../document/blanks';
import { NoteEdits } from '../document/edits';
import { Undo } from '../document/undo';
import { ARRIVAL_MS } from '../net/lingering';
import { BrowserOutbox } from '../net/outbox/outbox';
import type { Notice } from '../net/wire/wire';
import type { BoardRights, LockedParts } from '../workshop/desk';
import { NOTHING_LOCKED, UNBOUND, type ReadOnlyReason } from '../workshop/rights';
import { Fresh } from './fresh.svelte';
import { GridView } from './grid.svelte';
import { Hearing } from './hearing';
import { Holding } from '../replica/holding';
import type { Neighbours } from '../replica/neighbours.svelte';
import { Replica, type ReplicaOptions } from '../replica/replica.svelte';
import { may, mayArrange } from './may-change';
import { Theming } from './theming.svelte';
import { Workspace } from './workspace.svelte';

export interface SessionOptions extends ReplicaOptions {
  readonly mayWrite: boolean;
  /** Why one may not write; shown as a sentence. */
  readonly reason?: ReadOnlyReason | null;
  readonly bounds?: BoardRights;
  readonly locked?: LockedParts;
  /** Pages that the group of this board fills in. */
  readonly pages?: readonly number[];
  /** The server put right what was written here. */
  readonly onNotice?: (notice: Notice) => void;
  /** The other boards, for links and for what stands beside. */
  readonly neighbours?: Neighbours;
}

/** One board with one person at work on it. */
export class BoardSession extends Replica {
  readonly grid: GridView;
  readonly neighbours: Neighbours | null;
  /** Something became of what was written here: said, and what is lost can be copied. */
  readonly tell: (notice: Notice) => void;
  readonly undo: Undo;
  readonly edits: NoteEdits;
  readonly workspace: Workspace;
  readonly theming: Theming;
  readonly blanks: Blanks;
  readonly fresh: Fresh;

  /** Rights may change while the board is open: see `allow`. */
  mayWrite = $state(false);
  reason = $state<ReadOnlyReason | null>(null);
  bounds = $state.raw<BoardRights>(UNBOUND);
  locked = $state.raw<LockedParts>(NOTHING_LOCKED);
  own = $state(0);
  canUndo = $state(false);
  canRedo = $state(false);
  /** The answer that is being written, by its key. */
  answering = $state<string | null>(null);

  readonly #hearing: Hearing;
  readonly #holding: Holding;
  #sweeping: ReturnType<typeof setTimeout> | null = null;

  constructor(options: SessionOptions) {
    const { board, view, me } = options;
    const { id, lineage } = board;
    super(options, {
      // Also for who may only read now: what they wrote before waits until they may write again.
      outbox: new BrowserOutbox({ board: id, lineage, person: me.id }),
      onNotice: options.onNotice,
      onGone: (gone) => this.workspace.forget(gone),
      onArrival: () => this.#arrive(),
    });
    this.grid = new GridView(view, options.pages);
    this.neighbours = options.neighbours ?? null;
    this.tell = options.onNotice ?? (() => undefined);
    this.mayWrite = options.mayWrite;
    this.reason = options.reason ?? null;
    this.bounds = options.bounds ?? UNBOUND;
    this.locked = options.locked ?? NOTHING_LOCKED;
    this.undo = new Undo(this.doc, id);
    this.edits = new NoteEdits(this.doc, id, this.bounds.anonymous ? null : me.id, this.undo);
    this.blanks = new Blanks(id, me.id);
    this.workspace = new Workspace(this);
    this.theming = new Theming(this, this.workspace);
    this.fresh = new Fresh(this, this.workspace);
    this.#hearing = new Hearing(this);
    this.#holding = new Holding(this.state);
    this.#listen();
    this.connect();
  }

  #listen(): void {
    this.store.subscribe((changed, foreign) => {
      this.fresh.changed(changed, foreign);
      this.#hearing.changed(changed, foreign);
      this.workspace.settle();
      this.theming.settle();
      this.#countOwn();
      if (this.#holding.expects(changed)) this.#showHolders();
    });
    this.undo.onChange(this.#followUndo);
    this.presence.onChange(this.#showHolders);
  }

  /** Whoever may no longer write stops in the middle of a sentence, while its field still stands. */
  allow(
    mayWrite: boolean,
    reason: ReadOnlyReason | null,
    bounds: BoardRights = UNBOUND,
    locked: LockedParts = NOTHING_LOCKED,
  ): void {
    const { workspace, theming } = this;
    const next = { mayWrite, bounds, locked, own: 0, store: this.store, me: this.me };
    const { editing } = workspace;
    const stops = editing !== null && !may(next, 'edit', [editing.id]);
    if ((this.mayWrite && !mayWrite) || stops) workspace.interrupt();
    if (!mayArrange(next, this.store.themes.get(theming.naming ?? '')?.zone)) theming.endNaming();
    this.mayWrite = mayWrite;
    this.reason = reason;
    // Kept while it is the same: all notes on the screen look at it.
    if (JSON.stringify(bounds) !== JSON.stringify(this.bounds)) this.bounds = bounds;
    this.edits.author = bounds.anonymous ? null : this.me.id;
    if (JSON.stringify(locked) !== JSON.stringify(this.locked)) this.locked = locked;
    this.#countOwn();
  }

  #countOwn(): void {
    if (this.bounds.most === null) return;
    this.own = [...this.store.notes.values()].filter(({ author }) => author === this.me.id).length;
  }

  /** The shared board that this one is, or is a group's copy of: what ends of links name. */
  get home(): string {
    return this.neighbours?.home(this.board) ?? this.board.id;
  }

  /** In the middle of a sentence: not to be led elsewhere. */
  get busy(): boolean {
    const { workspace, theming, answering } = this;
    return workspace.editing !== null || theming.naming !== null || answering !== null;
  }

  override destroy(): void {
    if (this.#sweeping) clearTimeout(this.#sweeping);
    this.workspace.leave();
    this.theming.leave();
    this.fresh.destroy();
    this.#hearing.destroy();
    this.undo.destroy();
    super.destroy();
  }

  #arrive(): void {
    // Who is in which note is known a moment later.
    this.#sweeping ??= setTimeout(() => this.#sweep(), ARRIVAL_MS);
  }

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

  readonly #showHolders = (): void => this.#holding.show(this.presence.others);
}
