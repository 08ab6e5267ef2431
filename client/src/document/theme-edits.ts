/** What a person changes of a board's themes. Each verb is one step of undo. */
import * as Y from 'yjs';
import { newId } from './ids';
import type { Move } from './edits';
import { themeIdOf, notesOf, themesOf, type NoteMap } from './schema';
import type { Undo } from './undo';
import { setZone, Writer, type Placement } from './writer';

export interface NewTheme {
  readonly zone: string;
  /** May be empty: everybody then reads in their own language that it has no name. */
  readonly name: string;
  /** Where all of it stands; left out, it flows below what is placed. */
  readonly position?: { readonly x: number; readonly y: number };
}

/** The changes of a board's themes by one person; verbs as in boards/edits.py. */
export class ThemeEdits {
  readonly #writer: Writer;

  constructor(doc: Y.Doc, board: string, undo: Undo) {
    this.#writer = new Writer(doc, board, undo);
  }

  /** Gather notes under a new theme; gives its id. `pins`: see `NoteEdits.moveNotes`. */
  addTheme(notes: readonly string[], wanted: NewTheme, pins: readonly Placement[] = []): string {
    const id = newId();
    const { doc } = this.#writer;
    // Born apart and untracked, then shown in a tracked step: see `NoteEdits.addNotes`.
    doc.transact(() => themesOf(doc).set(id, themeMap(wanted)));
    this.#writer.step(() => {
      this.#writer.theme(id, true)?.delete('del');
      this.#writer.placeAll(pins);
      if (wanted.position) this.#writer.place({ id, ...wanted.position });
      for (const note of notes) this.#gather(note, id, wanted.zone);
    });
    return id;
  }

  /** Put notes under a theme, and so into its zone. */
  setTheme(notes: readonly string[], theme: string): void {
    const zone: unknown = this.#writer.theme(theme)?.get('zone');
    if (typeof zone !== 'string') return;
    this.#writer.step(() => notes.forEach((note) => this.#gather(note, theme, zone)));
  }

  /** Nothing is written about its notes: what others do to them meanwhile cannot tear it apart. */
  moveTheme(move: Move, pins: readonly Placement[] = []): void {
    const theme = this.#writer.theme(move.id);
    if (!theme) return;
    this.#writer.step(() => {
      this.#writer.placeAll(pins);
      setZone(theme, move.zone);
      this.#writer.place(move);
    });
  }

  /** Move a theme to a zone and let it flow there. */
  moveToZone(id: string, zone: string): void {
    const theme = this.#writer.theme(id);
    if (!theme) return;
    this.#writer.step(() => {
      if (setZone(theme, zone)) this.#writer.unplace(id);
    });
  }

  /** Take a theme apart: its notes stay in its zone, at `places`. It can come back. */
  deleteTheme(id: string, places: readonly Placement[]): void {
    const theme = this.#writer.theme(id);
    const zone: unknown = theme?.get('zone');
    if (!theme || typeof zone !== 'string') return;
    this.#writer.step(() => {
      theme.set('del', true);
      for (const [, note] of this.#under(id)) setZone(note, zone);
      this.#writer.placeAll(places);
    });
  }

  restoreTheme(id: string): void {
    this.#writer.step(() => this.#writer.theme(id, true)?.delete('del'));
  }

  #gather(id: string, theme: string, zone: string): void {
    const note = this.#writer.note(id);
    if (!note || note.get('theme') === theme) return;
    setZone(note, zone);
    note.set('theme', theme);
  }

  #under(theme: string): [string, NoteMap][] {
    return [...notesOf(this.#writer.doc)].filter(([, note]) => themeIdOf(note) === theme);
  }
}

function themeMap({ name, zone }: NewTheme): Y.Map<unknown> {
  const map = new Y.Map<unknown>();
  map.set('name', new Y.Text(name));
  map.set('zone', zone);
  map.set('del', true);
  return map;
}
