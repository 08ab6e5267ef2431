/** The workshop's other shared boards, as far as one board tells of them: live, unseen, read-only. */
import { createSubscriber } from 'svelte/reactivity';
import {
  byEnd,
  endKey,
  readLinks,
  type FocusRequest,
  type End,
  type Link,
} from '../document/links';
import { linksOf } from '../document/schema';
import type { Replica } from './replica.svelte';
import type { BoardInfo } from '../workshop/desk';

export interface NeighbourOptions {
  /** Shared boards in the workbook's order. */
  readonly boards: () => readonly BoardInfo[];
  /** The board that is open. */
  readonly current: () => Replica | null;
  /** Call for an item of the open board: it gets the keyboard's focus. */
  readonly call: (item: FocusRequest) => void;
  /** Open a board to look on. */
  readonly look: (board: string) => Replica | null;
  readonly title: (board: BoardInfo) => string;
  /** Go to an item on its board; null where the person may not leave. */
  readonly show: () => Show | null;
  /** People in the workshop. */
  readonly people: () => number;
}

/** Go to a board; `item`: and to what stands there. */
export type Show = (board: string, item: FocusRequest | null) => void;

/** More people than this, and their browsers open no board before somebody asks for it. */
const CROWD = 60;

/** The other shared boards of one workshop, opened when something tells of them. */
export class Neighbours {
  readonly #options: NeighbourOptions;
  #opened = $state.raw<ReadonlyMap<string, Replica>>(new Map());
  readonly #links = new WeakMap<Replica, () => Link[]>();

  /** Links that the boards opened so far tell of, by each of their ends. */
  readonly #byEnd = $derived.by(() => byEnd(this.#sessions.flatMap((one) => this.#linksOf(one))));

  constructor(options: NeighbourOptions) {
    this.#options = options;
  }

  get boards(): readonly BoardInfo[] {
    return this.#options.boards();
  }

  get show(): Show | null {
    return this.#options.show();
  }

  /** The way to an item; null where there is none: in a group one stays on its board. */
  wayTo(end: End, call: FocusRequest = end): (() => void) | null {
    const current = this.#options.current();
    if (current && this.home(current.board) === end.board) {
      return () => this.#options.call(call);
    }
    const { show } = this;
    return show && (() => show(end.board, call));
  }

  get links(): ReadonlyMap<string, readonly Link[]> {
    return this.#byEnd;
  }

  board(id: string): BoardInfo | null {
    return this.boards.find((board) => board.id === id) ?? null;
  }

  title(id: string): string {
    const board = this.board(id);
    return board ? this.#options.title(board) : '';
  }

  /** The shared board that a board is, or is a group's copy of. */
  home(board: BoardInfo): string {
    if (board.group === null) return board.id;
    return this.boards.find(({ key }) => key === board.key)?.id ?? board.id;
  }

  /** A note of a board as an end of links. */
  noteEnd(session: Replica, note: string): End {
    return this.endOn(session, 'note', note);
  }

  endOn(session: Replica, kind: End['kind'], id: string): End {
    return { board: this.home(session.board), kind, id };
  }

  linksAt(end: End): readonly Link[] {
    return this.#byEnd.get(endKey(end)) ?? [];
  }

  /** How many links a note of an open board has. */
  countAt(session: Replica, note: string): number {
    const { size } = this.#byEnd;
    return size === 0 ? 0 : this.linksAt(this.noteEnd(session, note)).length;
  }

  /** A board that is open here, or was opened to look on. */
  session(id: string): Replica | null {
    const current = this.#options.current();
    if (current && this.home(current.board) === id) return current;
    return this.#opened.get(id) ?? null;
  }

  /** Open shared boards to look on, those that are not open yet. Not while something is derived. */
  open(ids: Iterable<string>): void {
    const opened = new Map(this.#opened);
    for (const id of ids) {
      if (this.session(id) || opened.has(id)) continue;
      const session = this.#options.look(id);
      if (session) opened.set(id, session);
    }
    if (opened.size > this.#opened.size) this.#opened = opened;
  }

  /** Open every board that may tell of links; all at once is too much for a crowd. */
  openForMarks(): void {
    if (this.#options.people() <= CROWD) this.openAll();
  }

  openAll(): void {
    this.open(this.boards.map(({ id }) => id));
  }

  destroy(): void {
    for (const session of this.#opened.values()) session.destroy();
    this.#opened = new Map();
  }

  get #sessions(): readonly Replica[] {
    const current = this.#options.current();
    if (!current) return [...this.#opened.values()];
    const home = this.home(current.board);
    const others = [...this.#opened].filter(([id]) => id !== home).map(([, session]) => session);
    return [current, ...others];
  }

  #linksOf(session: Replica): Link[] {
    let read = this.#links.get(session);
    if (!read) {
      const home = this.home(session.board);
      const root = linksOf(session.doc);
      const follow = createSubscriber((changed) => {
        root.observe(changed);
        return () => root.unobserve(changed);
      });
      read = () => {
        follow();
        return readLinks(session.doc, home);
      };
      this.#links.set(session, read);
    }
    return read();
  }
}
