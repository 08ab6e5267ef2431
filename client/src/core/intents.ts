/** Everything a person can do to a board's notes. Each verb is one step of undo. */
import * as Y from 'yjs';
import { newId } from './ids';
import { findLink, type LinkFields } from './links';
import {
  clampToField,
  layoutOf,
  linksOf,
  notesOf,
  textOf,
  type NoteColor,
  type NoteMap,
} from './schema';
import { USER, type Undo } from './undo';

export interface Placement {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface Move extends Placement {
  readonly zone: string;
}

export interface NewNote {
  readonly zone: string;
  readonly color: NoteColor;
  readonly text?: string;
  /** Left out: the note flows below the placed ones. */
  readonly position?: { readonly x: number; readonly y: number };
}

export class Intents {
  readonly #doc: Y.Doc;
  readonly #board: string;
  readonly #author: string;
  readonly #undo: Undo;
  readonly #now: () => number;

  constructor(doc: Y.Doc, board: string, author: string, undo: Undo, now: () => number = Date.now) {
    this.#doc = doc;
    this.#board = board;
    this.#author = author;
    this.#undo = undo;
    this.#now = now;
  }

  /** Make notes, give their ids. `pins` are written with them: see `moveNotes`. */
  addNotes(wanted: readonly NewNote[], pins: readonly Placement[] = []): string[] {
    const ids = wanted.map(() => newId());
    // Born deleted and untracked, then shown in a tracked step: undo hides the note again and never
    // destroys it, so what others wrote into it meanwhile is kept.
    this.#doc.transact(() => wanted.forEach((note, i) => this.#create(ids[i] ?? newId(), note)));
    this.#step(() => {
      this.#pin(pins);
      for (const id of ids) this.#living(id, true)?.delete('del');
    });
    return ids;
  }

  /**
   * Put notes into zones at places. `pins` are notes nobody has placed yet, at the place where they
   * are seen: without them the flow would start anew below the note that was put down.
   */
  moveNotes(moves: readonly Move[], pins: readonly Placement[] = []): void {
    this.#step(() => {
      this.#pin(pins);
      for (const { id, zone, x, y } of moves) {
        this.#setZone(id, zone);
        this.#place(id, x, y);
      }
    });
  }

  /** Move notes to a zone and let them flow there below the placed ones. */
  moveToZone(ids: readonly string[], zone: string): void {
    this.#step(() => {
      for (const id of ids) {
        if (this.#setZone(id, zone)) layoutOf(this.#doc, this.#board).delete(id);
      }
    });
  }

  recolour(ids: readonly string[], color: NoteColor): void {
    this.#step(() => {
      for (const id of ids) {
        const note = this.#living(id);
        if (note && note.get('color') !== color) note.set('color', color);
      }
    });
  }

  /** Softly: what others write into the note meanwhile is kept, and it can be brought back. */
  deleteNotes(ids: readonly string[]): void {
    this.#step(() => ids.forEach((id) => this.#living(id)?.set('del', true)));
  }

  restoreNotes(ids: readonly string[]): void {
    this.#step(() => ids.forEach((id) => this.#living(id, true)?.delete('del')));
  }

  /** Tie two ends together, as links.ts spells them; gives the link's id. A tie there is stays. */
  addLink(link: LinkFields): string {
    const there = findLink(this.#doc, link);
    if (there !== null) return there;
    const id = newId();
    this.#step(() => linksOf(this.#doc).set(id, { ...link }));
    return id;
  }

  removeLink(id: string): void {
    if (linksOf(this.#doc).has(id)) this.#step(() => linksOf(this.#doc).delete(id));
  }

  /** Replace the whole text; editors use a TextBinding, which keeps others' carets. */
  retext(id: string, value: string): void {
    const text = textOf(this.#doc, id);
    if (!text || text.toString() === value) return;
    this.#step(() => {
      text.delete(0, text.length);
      text.insert(0, value);
    });
  }

  #create(id: string, note: NewNote): void {
    const map: NoteMap = new Y.Map();
    map.set('text', new Y.Text(note.text ?? ''));
    map.set('zone', note.zone);
    map.set('color', note.color);
    map.set('at', this.#now());
    map.set('author', this.#author);
    map.set('del', true);
    notesOf(this.#doc).set(id, map);
    if (note.position) this.#place(id, note.position.x, note.position.y);
  }

  /** True when the note lives and was in another zone. */
  #setZone(id: string, zone: string): boolean {
    const note = this.#living(id);
    if (!note || note.get('zone') === zone) return false;
    note.set('zone', zone);
    return true;
  }

  #pin(pins: readonly Placement[]): void {
    for (const { id, x, y } of pins) this.#place(id, x, y);
  }

  #place(id: string, x: number, y: number): void {
    if (!notesOf(this.#doc).has(id)) return;
    layoutOf(this.#doc, this.#board).set(id, [clampToField(x), clampToField(y)]);
  }

  #living(id: string, evenDeleted = false): NoteMap | null {
    const note: unknown = notesOf(this.#doc).get(id);
    if (!(note instanceof Y.Map)) return null;
    return evenDeleted || note.get('del') !== true ? (note as NoteMap) : null;
  }

  #step(change: () => void): void {
    this.#undo.boundary();
    this.#doc.transact(change, USER);
    this.#undo.boundary();
  }
}
