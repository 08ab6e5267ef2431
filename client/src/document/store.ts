/** A board document as immutable notes and themes: changes are gathered and told once per frame. */
import * as Y from 'yjs';
import {
  layoutOf,
  notesOf,
  readNote,
  readTheme,
  themeIdOf,
  themesOf,
  type Note,
  type Theme,
} from './schema';

/** `foreign`: those of them that were changed elsewhere, and not by this page. */
export type Listener = (changed: ReadonlySet<string>, foreign: ReadonlySet<string>) => void;
export type Schedule = (flush: () => void) => void;

/** One board's notes and themes as immutable values, by id, with those who follow them. */
export class BoardStore {
  readonly #doc: Y.Doc;
  readonly #board: string;
  readonly #schedule: Schedule;
  readonly #notes = new Map<string, Note>();
  /** Themes that were not taken apart, with or without notes. */
  readonly #known = new Map<string, Theme>();
  readonly #themes = new Map<string, Theme>();
  /** What living notes say of their theme, from both ends. */
  readonly #themeOf = new Map<string, string>();
  readonly #under = new Map<string, Set<string>>();
  readonly #dirty = new Set<string>();
  readonly #foreign = new Set<string>();
  readonly #listeners = new Set<Listener>();
  #waiting = false;

  constructor(doc: Y.Doc, board: string, schedule: Schedule = nextFrame) {
    this.#doc = doc;
    this.#board = board;
    this.#schedule = schedule;
    notesOf(doc).observeDeep(this.#onItems);
    themesOf(doc).observeDeep(this.#onItems);
    layoutOf(doc, board).observe(this.#onLayout);
    for (const items of [notesOf(doc), themesOf(doc)])
      for (const id of items.keys()) this.#dirty.add(id);
    this.flush();
  }

  /** Living notes by id. */
  get notes(): ReadonlyMap<string, Note> {
    return this.#notes;
  }

  /** Themes that stand, by id: those that a living note is under. */
  get themes(): ReadonlyMap<string, Theme> {
    return this.#themes;
  }

  /** `listener` hears which notes and themes came, went or changed. Returns how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Read what has changed now; without it, it is read in the next frame. */
  flush(): void {
    this.#waiting = false;
    const dirty = new Set(this.#dirty);
    this.#dirty.clear();
    const stirred = new Set([...dirty].filter((id) => this.#refreshTheme(id)));
    for (const theme of stirred) for (const id of this.#under.get(theme) ?? []) dirty.add(id);
    const changed = new Set([...dirty].filter((id) => this.#refresh(id, stirred)));
    for (const id of stirred) if (this.#settleTheme(id)) changed.add(id);
    const foreign = new Set(this.#foreign);
    this.#foreign.clear();
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed, foreign);
  }

  destroy(): void {
    notesOf(this.#doc).unobserveDeep(this.#onItems);
    themesOf(this.#doc).unobserveDeep(this.#onItems);
    layoutOf(this.#doc, this.#board).unobserve(this.#onLayout);
    this.#listeners.clear();
  }

  readonly #onItems = (
    events: Y.YEvent<Y.AbstractType<unknown>>[],
    { local }: Y.Transaction,
  ): void => {
    for (const event of events) {
      const [id] = event.path;
      const ids = typeof id === 'string' ? [id] : event.changes.keys.keys();
      for (const each of ids) {
        this.#dirty.add(each);
        if (!local) this.#foreign.add(each);
      }
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

  /** Read one note; `stirred` gathers the themes that it came under or left. */
  #refresh(id: string, stirred: Set<string>): boolean {
    const map: unknown = notesOf(this.#doc).get(id);
    const next = readNote(id, map, layoutOf(this.#doc, this.#board).get(id), this.#known);
    this.#file(id, next && themeIdOf(map), stirred);
    return keep(this.#notes, id, next);
  }

  #refreshTheme(id: string): boolean {
    const map: unknown = themesOf(this.#doc).get(id);
    return keep(this.#known, id, readTheme(id, map, layoutOf(this.#doc, this.#board).get(id)));
  }

  #settleTheme(id: string): boolean {
    const stands = (this.#under.get(id)?.size ?? 0) > 0;
    return keep(this.#themes, id, stands ? (this.#known.get(id) ?? null) : null);
  }

  #file(note: string, theme: string | null, stirred: Set<string>): void {
    const before = this.#themeOf.get(note) ?? null;
    if (before === theme) return;
    if (before !== null) {
      this.#under.get(before)?.delete(note);
      this.#themeOf.delete(note);
      stirred.add(before);
    }
    if (theme !== null) {
      this.#under.set(theme, (this.#under.get(theme) ?? new Set()).add(note));
      this.#themeOf.set(note, theme);
      stirred.add(theme);
    }
  }
}

/** Put what was read in its place; false when it says what stood there. */
function keep<T extends object>(shown: Map<string, T>, id: string, next: T | null): boolean {
  const before = shown.get(id) ?? null;
  if (next === before || (next && before && same(next, before))) return false;
  if (next) shown.set(id, next);
  else shown.delete(id);
  return true;
}

function same<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
}

/** A hidden tab gets no animation frames; its store still has to follow. */
export function nextFrame(flush: () => void): void {
  if (document.hidden) setTimeout(flush, 200);
  else requestAnimationFrame(flush);
}
