/** Dots on notes: one's own, everybody's, and how many are left to give. */
import { SvelteMap } from 'svelte/reactivity';
import * as Y from 'yjs';
import { notesOf, readVote, votesOf } from '../document/schema';
import type { Voting } from '../workshop/desk';

/** The dots on one board's notes, and the giving of one's own. */
export class Votes {
  /** Own dots by note, everybody's dots by note; a note without any is in neither. */
  readonly own = new SvelteMap<string, number>();
  readonly all = new SvelteMap<string, number>();
  /** In the list, the notes with most dots come first. */
  sorted = $state(false);
  given = $state(0);

  readonly #doc: Y.Doc;
  readonly #me: string;

  constructor(doc: Y.Doc, me: string) {
    this.#doc = doc;
    this.#me = me;
    votesOf(doc).observe(this.#read);
    notesOf(doc).observeDeep(this.#onNotes);
    this.#read();
  }

  left({ dots }: Voting): number {
    return Math.max(0, dots - this.given);
  }

  /** One more dot on a note; false when there is none left. */
  give(note: string, voting: Voting): boolean {
    if (!voting.open || this.left(voting) === 0 || !notesOf(this.#doc).has(note)) return false;
    this.#set(note, (this.own.get(note) ?? 0) + 1);
    return true;
  }

  /** One dot back from a note; false when none of one's own is there. */
  takeBack(note: string, voting: Voting): boolean {
    const there = this.own.get(note) ?? 0;
    if (!voting.open || there === 0) return false;
    this.#set(note, there - 1);
    return true;
  }

  destroy(): void {
    votesOf(this.#doc).unobserve(this.#read);
    notesOf(this.#doc).unobserveDeep(this.#onNotes);
  }

  /** No step of undo: dots are taken back by hand, and only while voting is open. */
  #set(note: string, dots: number): void {
    const key = `${note}/${this.#me}`;
    if (dots > 0) votesOf(this.#doc).set(key, dots);
    else votesOf(this.#doc).delete(key);
  }

  /** Dots on a deleted note are their voter's again. */
  readonly #onNotes = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    const counts = events.some(({ path, changes }) => path.length === 0 || changes.keys.has('del'));
    if (counts && votesOf(this.#doc).size > 0) this.#read();
  };

  readonly #read = (): void => {
    const own = new Map<string, number>();
    const all = new Map<string, number>();
    for (const [key, value] of votesOf(this.#doc)) {
      const { note, person, dots } = readVote(key, value);
      if (dots === 0 || !isStanding(this.#doc, note)) continue;
      all.set(note, (all.get(note) ?? 0) + dots);
      if (person === this.#me) own.set(note, dots);
    }
    settle(this.own, own);
    settle(this.all, all);
    this.given = [...own.values()].reduce((sum, dots) => sum + dots, 0);
  };
}

/** Notes with most dots first; those with as many stay in the order they were in. */
export function byDots<N extends { readonly id: string }>(
  notes: readonly N[],
  dots: ReadonlyMap<string, number>,
): N[] {
  return [...notes].sort((a, b) => (dots.get(b.id) ?? 0) - (dots.get(a.id) ?? 0));
}

function isStanding(doc: Y.Doc, note: string): boolean {
  const map: unknown = notesOf(doc).get(note);
  return map instanceof Y.Map && map.get('del') !== true;
}

function settle(shown: SvelteMap<string, number>, now: ReadonlyMap<string, number>): void {
  for (const note of [...shown.keys()]) if (!now.has(note)) shown.delete(note);
  for (const [note, dots] of now) if (shown.get(note) !== dots) shown.set(note, dots);
}
