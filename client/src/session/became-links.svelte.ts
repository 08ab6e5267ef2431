/** "This became that": which notes of a row are linked from From to To, live; and linking them. */
import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';
import type { ZoneState } from '../replica/board.svelte';
import type { Point } from '../layout/layout';
import { readLinks } from '../document/links';
import { linksOf } from '../document/schema';
import type { BoardSession } from './session.svelte';

export interface BecameLink {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** The column in which the other end of a link stands. */
export type Side = 'from' | 'to';

export interface LinkedNote {
  readonly link: string;
  readonly side: Side;
  readonly note: string;
}

export interface OtherCell {
  readonly side: Side;
  readonly zone: ZoneState;
}

/** `board`: the id that ends of links name, where they name one. */
export function readBecameLinks(doc: Y.Doc, board: string): BecameLink[] {
  return readLinks(doc, board)
    .filter(({ kind, from, to }) => kind === 'became' && from.board === board && to.board === board)
    .filter(({ from, to }) => from.kind === 'note' && to.kind === 'note')
    .map(({ id, from, to }) => ({ id, from: from.id, to: to.id }));
}

/** The links "this became that" of one board, read anew when they change. */
export class BecameLinks {
  readonly #doc: Y.Doc;
  readonly #board: string;
  readonly #follow: () => void;
  #known: readonly BecameLink[] | null = null;

  constructor(doc: Y.Doc, board: string) {
    this.#doc = doc;
    this.#board = board;
    const root = linksOf(doc);
    root.observe(() => (this.#known = null));
    this.#follow = createSubscriber((changed) => {
      root.observe(changed);
      return () => root.unobserve(changed);
    });
  }

  get now(): readonly BecameLink[] {
    this.#follow();
    return (this.#known ??= readBecameLinks(this.#doc, this.#board));
  }

  /** Notes that one note is linked with, by the side on which they stand. */
  of(note: string): LinkedNote[] {
    return this.now.flatMap(({ id: link, from, to }): LinkedNote[] => {
      if (from === note) return [{ link, side: 'to', note: to }];
      return to === note ? [{ link, side: 'from', note: from }] : [];
    });
  }
}

const known = new WeakMap<BoardSession, BecameLinks>();

/** The links of a board of this kind; they live as long as the board's document. */
export function becameLinksOf(session: BoardSession): BecameLinks {
  const links = known.get(session) ?? new BecameLinks(session.doc, session.home);
  known.set(session, links);
  return links;
}

/** Where what a note of this zone is linked with stands: of From in To, of To in From. */
export function sideOf(zone: string): Side | null {
  if (zone.endsWith('/from')) return 'to';
  return zone.endsWith('/to') ? 'from' : null;
}

/** The cell of the same row with which a note's cell can be linked; null off the map. */
export function otherCell({ state, grid }: BoardSession, note: string): OtherCell | null {
  const own = state.zoneOf(note)?.spec.id ?? '';
  const [row, side] = [grid.rowOf(own), sideOf(own)];
  const zone = row && side && state.zone(`${row.id}/${side}`);
  return zone ? { side, zone } : null;
}

/** Link a note with one of its row's other cell. */
export function linkNotes(session: BoardSession, note: string, other: string): void {
  const cell = otherCell(session, note);
  if (!cell || !session.mayWrite) return;
  const [from, to] = cell.side === 'to' ? [note, other] : [other, note];
  session.edits.addLink({ from, to, kind: 'became' }, session.home);
}

/** Begin a note in the other cell, linked with this one; left empty, it takes the link with it. */
export function linkNewNote(session: BoardSession, note: string, at: Point | 'free' | null): void {
  const cell = otherCell(session, note);
  const made = cell && session.workspace.addNote(cell.zone, at);
  if (made != null) linkNotes(session, note, made);
}
