/** What a person changes on a board: notes and links. Each verb is one step of undo. */
import { LIMITS } from '../text/limits';
import * as Y from 'yjs';
import { newId } from './ids';
import { findLink, type LinkFields } from './links';
import { linksOf, notesOf, textOf, type NoteColor, type NoteMap } from './schema';
import type { Undo } from './undo';
import { setZone, Writer, type Placement } from './writer';

export interface Move extends Placement {
  readonly zone: string;
}

export interface NewNote {
  readonly zone: string;
  readonly color: NoteColor;
  readonly text?: string;
  /** Left out: the note flows below the placed ones. */
  readonly position?: { readonly x: number; readonly y: number };
  /** Under this theme. */
  readonly theme?: string;
}

/** The changes of a board's notes and links by one person; verbs as in boards/edits.py. */
export class NoteEdits {
  readonly #doc: Y.Doc;
  /** Whose notes are made; null: nobody's. */
  author: string | null;
  readonly #writer: Writer;
  readonly #now: () => number;

  constructor(
    doc: Y.Doc,
    board: string,
    author: string | null,
    undo: Undo,
    now: () => number = Date.now,
  ) {
    this.#doc = doc;
    this.author = author;
    this.#writer = new Writer(doc, board, undo);
    this.#now = now;
  }

  /** True when so many more notes fit on the board. */
  hasRoom(count: number): boolean {
    return notesOf(this.#doc).size + count <= LIMITS.notes;
  }

  /**
   * Make notes, give their ids; none where they would not fit. `pins` are written with them: see
   * `moveNotes`. `gone`: notes in whose place they come, in the same step.
   */
  addNotes(
    wanted: readonly NewNote[],
    pins: readonly Placement[] = [],
    gone: readonly string[] = [],
  ): string[] {
    if (!this.hasRoom(wanted.length)) return [];
    // Notes of one moment are read in the order of their ids: the first of them is the first.
    const ids = wanted.map(() => newId()).sort();
    // Born deleted and untracked, then shown in a tracked step: undo hides the note again and never
    // destroys it, so what others wrote into it meanwhile is kept.
    this.#doc.transact(() => wanted.forEach((note, i) => this.#create(ids[i] ?? newId(), note)));
    this.#writer.step(() => {
      this.#writer.placeAll(pins);
      for (const id of ids) this.#writer.note(id, true)?.delete('del');
      for (const id of gone) this.#writer.note(id)?.set('del', true);
    });
    return ids;
  }

  /**
   * Put notes by themselves into zones at places. `pins` are notes and themes nobody has placed yet,
   * where they are seen: without them the flow would start anew below the note that was put down.
   */
  moveNotes(moves: readonly Move[], pins: readonly Placement[] = []): void {
    this.#writer.step(() => {
      this.#writer.placeAll(pins);
      for (const move of moves) {
        const note = this.#writer.note(move.id);
        if (note) {
          setZone(note, move.zone);
          this.#writer.takeOut(note);
        }
        this.#writer.place(move);
      }
    });
  }

  /** Move notes to a zone and let them flow there below the placed ones. */
  moveToZone(ids: readonly string[], zone: string): void {
    this.#writer.step(() => {
      for (const id of ids) {
        const note = this.#writer.note(id);
        if (!note) continue;
        const [moved, freed] = [setZone(note, zone), this.#writer.takeOut(note)];
        if (moved || freed) this.#writer.unplace(id);
      }
    });
  }

  recolour(ids: readonly string[], color: NoteColor): void {
    this.#writer.step(() => {
      for (const id of ids) {
        const note = this.#writer.note(id);
        if (note && note.get('color') !== color) note.set('color', color);
      }
    });
  }

  /** Softly: what others write into the note meanwhile is kept, and it can be brought back. */
  deleteNotes(ids: readonly string[]): void {
    this.#writer.step(() => ids.forEach((id) => this.#writer.note(id)?.set('del', true)));
  }

  restoreNotes(ids: readonly string[]): void {
    this.#writer.step(() => ids.forEach((id) => this.#writer.note(id, true)?.delete('del')));
  }

  /**
   * Link two ends, as links.ts spells them; gives the link's id. A link that is there stays.
   * `home`: the board that ends mean which name none.
   */
  addLink(link: LinkFields, home: string): string {
    const there = findLink(this.#doc, link, home);
    if (there !== null) return there;
    const id = newId();
    this.#writer.step(() => linksOf(this.#doc).set(id, { ...link }));
    return id;
  }

  removeLink(id: string): void {
    if (linksOf(this.#doc).has(id)) this.#writer.step(() => linksOf(this.#doc).delete(id));
  }

  /** Replace the whole text; editors use a TextBinding, which keeps others' carets. */
  retext(id: string, value: string): void {
    const text = textOf(this.#doc, id);
    if (!text || text.toString() === value) return;
    this.#writer.step(() => {
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
    if (this.author !== null) map.set('author', this.author);
    map.set('del', true);
    if (note.theme !== undefined) map.set('theme', note.theme);
    notesOf(this.#doc).set(id, map);
    if (note.position) this.#writer.place({ id, ...note.position });
  }
}
