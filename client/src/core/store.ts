/** A board document as immutable notes: changes are gathered and told once per frame. */
import * as Y from 'yjs';
import { layoutOf, notesOf, readNote, type NoteMap, type NoteVM } from './schema';

export type Listener = (changed: ReadonlySet<string>) => void;
export type Schedule = (flush: () => void) => void;

export class BoardStore {
  readonly #doc: Y.Doc;
  readonly #board: string;
  readonly #schedule: Schedule;
  readonly #notes = new Map<string, NoteVM>();
  readonly #dirty = new Set<string>();
  readonly #listeners = new Set<Listener>();
  #waiting = false;

  constructor(doc: Y.Doc, board: string, schedule: Schedule = nextFrame) {
    this.#doc = doc;
    this.#board = board;
    this.#schedule = schedule;
    notesOf(doc).observeDeep(this.#onNotes);
    layoutOf(doc, board).observe(this.#onLayout);
    for (const id of notesOf(doc).keys()) this.#dirty.add(id);
    this.flush();
  }

  /** Living notes by id. */
  get notes(): ReadonlyMap<string, NoteVM> {
    return this.#notes;
  }

  /** `listener` hears which notes came, went or changed. Returns how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Read what has changed now; without it, it is read in the next frame. */
  flush(): void {
    this.#waiting = false;
    const changed = new Set([...this.#dirty].filter((id) => this.#refresh(id)));
    this.#dirty.clear();
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }

  destroy(): void {
    notesOf(this.#doc).unobserveDeep(this.#onNotes);
    layoutOf(this.#doc, this.#board).unobserve(this.#onLayout);
    this.#listeners.clear();
  }

  readonly #onNotes = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const event of events) {
      const [id] = event.path;
      if (typeof id === 'string') this.#dirty.add(id);
      else for (const key of event.changes.keys.keys()) this.#dirty.add(key);
    }
    this.#wake();
  };

  readonly #onLayout = (event: Y.YMapEvent<unknown>): void => {
    for (const id of event.keysChanged) this.#dirty.add(id);
    this.#wake();
  };

  #wake(): void {
    if (this.#waiting || this.#dirty.size === 0) return;
    this.#waiting = true;
    this.#schedule(() => {
      if (this.#waiting) this.flush();
    });
  }

  #refresh(id: string): boolean {
    const map: NoteMap | undefined = notesOf(this.#doc).get(id);
    const next = readNote(id, map, layoutOf(this.#doc, this.#board).get(id));
    const before = this.#notes.get(id) ?? null;
    if (next === before || (next && before && same(next, before))) return false;
    if (next) this.#notes.set(id, next);
    else this.#notes.delete(id);
    return true;
  }
}

function same(a: NoteVM, b: NoteVM): boolean {
  return (Object.keys(a) as (keyof NoteVM)[]).every((key) => a[key] === b[key]);
}

/** A hidden tab gets no animation frames; its store still has to follow. */
function nextFrame(flush: () => void): void {
  if (document.hidden) setTimeout(flush, 200);
  else requestAnimationFrame(flush);
}
