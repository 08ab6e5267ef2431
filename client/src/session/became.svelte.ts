/** "This became that": which notes of a row are tied from From to To, live; and tying them. */
import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';
import type { ZoneState } from '../replica/board.svelte';
import type { Point } from '../layout/layout';
import { readLinks } from '../document/links';
import { linksOf } from '../document/schema';
import type { BoardSession } from './session.svelte';

export interface Became {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** The column in which the other end of a tie stands. */
export type Side = 'from' | 'to';

export interface Tied {
  readonly link: string;
  readonly side: Side;
  readonly note: string;
}

export interface OtherCell {
  readonly side: Side;
  readonly zone: ZoneState;
}

/** `board`: the id that ends of links name, where they name one. */
export function readBecame(doc: Y.Doc, board: string): Became[] {
  return readLinks(doc, board)
    .filter(({ kind, from, to }) => kind === 'became' && from.board === board && to.board === board)
    .filter(({ from, to }) => from.kind === 'note' && to.kind === 'note')
    .map(({ id, from, to }) => ({ id, from: from.id, to: to.id }));
}

export class BecameTies {
  readonly #doc: Y.Doc;
  readonly #board: string;
  readonly #follow: () => void;
  #known: readonly Became[] | null = null;

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

  get now(): readonly Became[] {
    this.#follow();
    return (this.#known ??= readBecame(this.#doc, this.#board));
  }

  /** Notes that one note is tied to, by the side on which they stand. */
  of(note: string): Tied[] {
    return this.now.flatMap(({ id: link, from, to }): Tied[] => {
      if (from === note) return [{ link, side: 'to', note: to }];
      return to === note ? [{ link, side: 'from', note: from }] : [];
    });
  }
}

const ties = new WeakMap<BoardSession, BecameTies>();

/** The ties of a board; they live as long as the board's document. */
export function tiesOf(session: BoardSession): BecameTies {
  const known = ties.get(session) ?? new BecameTies(session.doc, session.home);
  ties.set(session, known);
  return known;
}

/** Where what a note of this zone is tied to stands: of From in To, of To in From. */
export function sideOf(zone: string): Side | null {
  if (zone.endsWith('/from')) return 'to';
  return zone.endsWith('/to') ? 'from' : null;
}

/** The cell of the same row with which a note's cell can be tied; null off the map. */
export function otherCell({ state, grid }: BoardSession, note: string): OtherCell | null {
  const own = state.zoneOf(note)?.spec.id ?? '';
  const [row, side] = [grid.rowOf(own), sideOf(own)];
  const zone = row && side && state.zone(`${row.id}/${side}`);
  return zone ? { side, zone } : null;
}

/** Tie a note with one of its row's other cell. */
export function tie(session: BoardSession, note: string, other: string): void {
  const cell = otherCell(session, note);
  if (!cell || !session.mayWrite) return;
  const [from, to] = cell.side === 'to' ? [note, other] : [other, note];
  session.edits.addLink({ from, to, kind: 'became' }, session.home);
}

/** Begin a note in the other cell, tied with this one; left empty, it takes the tie with it. */
export function tieNew(session: BoardSession, note: string, at: Point | 'free' | null): void {
  const cell = otherCell(session, note);
  const made = cell && session.workspace.addNote(cell.zone, at);
  if (made != null) tie(session, note, made);
}
