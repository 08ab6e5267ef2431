/**
 * Notes that were begun and hold no letter yet. A page that is closed takes its own off the board; where
 * that does not arrive (a crash, no network), this browser does so when it comes to the board again.
 */
import type * as Y from 'yjs';
import { isVisible } from '../text/plain';
import { notesOf, textOf } from './schema';

const MOST = 20;

/** One person's list of their empty notes on one board, kept in this browser. */
export class Blanks {
  readonly #key: string;
  readonly #storage: () => Storage;
  /** As this page found them: what is begun since then may be under the pen in another tab. */
  readonly #before: ReadonlySet<string>;

  constructor(board: string, person: string, storage: () => Storage = () => localStorage) {
    this.#key = `hahmo_blank_${board}_${person}`;
    this.#storage = storage;
    this.#before = new Set(this.#all());
  }

  begin(id: string): void {
    this.#keep([...this.#all().filter((other) => other !== id), id].slice(-MOST));
  }

  end(id: string): void {
    const all = this.#all();
    if (all.includes(id)) this.#keep(all.filter((other) => other !== id));
  }

  /**
   * Take off those that an earlier page left; `held`: somebody is in them, perhaps ourselves in another
   * tab. Of a note that was begun since, its letters and its holder may not have arrived here yet.
   */
  sweep(doc: Y.Doc, author: string, held: ReadonlySet<string>): void {
    const all = this.#all();
    const left = all.filter((id) => this.#before.has(id) && !held.has(id));
    if (left.length === 0) return;
    const blank = left.filter((id) => isOwnBlank(doc, id, author));
    // No step of undo: nobody wants it back.
    if (blank.length > 0) {
      doc.transact(() => blank.forEach((id) => notesOf(doc).get(id)?.set('del', true)));
    }
    this.#keep(all.filter((id) => !left.includes(id)));
  }

  #all(): string[] {
    try {
      const all: unknown = JSON.parse(this.#storage().getItem(this.#key) ?? '[]');
      return Array.isArray(all) ? all.filter((id) => typeof id === 'string') : [];
    } catch {
      return [];
    }
  }

  #keep(ids: readonly string[]): void {
    try {
      if (ids.length === 0) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, JSON.stringify(ids));
    } catch {
      // Storage may be forbidden or full: then a crash leaves an empty note.
    }
  }
}

function isOwnBlank(doc: Y.Doc, id: string, author: string): boolean {
  const note = notesOf(doc).get(id);
  if (note?.get('author') !== author || note.get('del') === true) return false;
  return !isVisible(textOf(doc, id)?.toString() ?? '');
}
