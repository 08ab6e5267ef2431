/** How verbs write to one board's document: in steps of undo, and never to what is gone. */
import * as Y from 'yjs';
import { clampToField, layoutOf, notesOf, themesOf, type NoteMap } from './schema';
import { USER, type Undo } from './undo';

export interface Placement {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** The hand that writes into one board's document for the verbs of edits. */
export class Writer {
  readonly doc: Y.Doc;
  readonly #board: string;
  readonly #undo: Undo;

  constructor(doc: Y.Doc, board: string, undo: Undo) {
    this.doc = doc;
    this.#board = board;
    this.#undo = undo;
  }

  /** One transaction, one step of undo. */
  step(change: () => void): void {
    this.#undo.boundary();
    this.doc.transact(change, USER);
    this.#undo.boundary();
  }

  /** A note that is not deleted, null for any other. */
  note(id: string, evenDeleted = false): NoteMap | null {
    return standing(notesOf(this.doc).get(id), evenDeleted);
  }

  /** A theme that was not taken apart, null for any other. */
  theme(id: string, evenApart = false): NoteMap | null {
    return standing(themesOf(this.doc).get(id), evenApart);
  }

  place({ id, x, y }: Placement): void {
    if (!notesOf(this.doc).has(id) && !themesOf(this.doc).has(id)) return;
    layoutOf(this.doc, this.#board).set(id, [clampToField(x), clampToField(y)]);
  }

  placeAll(placements: readonly Placement[]): void {
    for (const placement of placements) this.place(placement);
  }

  /** Let it flow. */
  unplace(id: string): void {
    layoutOf(this.doc, this.#board).delete(id);
  }

  /** Put a note by itself; true when that took it out of a theme. */
  takeOut(note: NoteMap): boolean {
    if (!note.has('theme')) return false;
    note.delete('theme');
    return true;
  }
}

/** Write a zone only where it differs: it would win against somebody who really changes it. */
export function setZone(item: NoteMap, zone: string): boolean {
  if (item.get('zone') === zone) return false;
  item.set('zone', zone);
  return true;
}

function standing(item: unknown, evenDeleted: boolean): NoteMap | null {
  if (!(item instanceof Y.Map)) return null;
  return evenDeleted || item.get('del') !== true ? (item as NoteMap) : null;
}
