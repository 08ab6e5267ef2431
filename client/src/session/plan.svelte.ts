/** A board's experiments as views draw them, read once per moment however many changes it brings. */
import { tick } from 'svelte';
import {
  ExperimentEdits,
  experimentsOf,
  originsOf,
  readExperiments,
  wordsOf,
  writersOf,
  type Experiment,
} from '../document/experiments';
import { deletedNotice, isWritingIn, removerOf } from './rescue';
import type { BoardSession } from './session.svelte';

/** The experiments of one board as views draw them. */
export class PlanState {
  experiments = $state.raw<readonly Experiment[]>([]);
  /** Experiment → the note that it was made from. */
  origins = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly edits: ExperimentEdits;
  readonly #session: BoardSession;
  #dirty = false;

  constructor(session: BoardSession) {
    const { doc, undo } = session;
    this.#session = session;
    this.edits = new ExperimentEdits(doc, undo);
    experimentsOf(doc).observeDeep(this.#touch);
    doc.getMap('links').observe(this.#touch);
    this.#read();
  }

  /** The experiment that was made from a note. */
  madeFrom(note: string): Experiment | null {
    return this.experiments.find(({ id }) => this.origins.get(id) === note) ?? null;
  }

  /** Make an experiment, from a note or from nothing; gives its id, null where one may not. */
  add(note: string | null = null): string | null {
    const { view, mayWrite, store } = this.#session;
    if (!mayWrite) return null;
    const fields = (view.fields ?? []).filter(({ type }) => type === 'text').map(({ id }) => id);
    const from = note === null ? undefined : store.notes.get(note);
    const id = this.edits.addExperiment(fields, from && { note: from.id, text: from.text });
    this.#read();
    return id;
  }

  /** Whether it holds words that others wrote. */
  isShared(id: string): boolean {
    const { doc } = this.#session;
    return [...writersOf(doc, id)].some((client) => client !== doc.clientID);
  }

  readonly #touch = (): void => {
    if (this.#dirty) return;
    this.#dirty = true;
    queueMicrotask(() => this.#read());
  };

  #read(): void {
    this.#dirty = false;
    const before = this.experiments;
    this.experiments = readExperiments(this.#session.doc);
    const standing = new Set(this.experiments.map(({ id }) => id));
    for (const { id } of before) if (!standing.has(id)) this.#tellGone(id);
    const { doc, home } = this.#session;
    this.origins = originsOf(doc, home);
  }

  /** Somebody else took it off the plan: it goes with what we wrote, or are writing, in it. */
  #tellGone(id: string): void {
    const { doc, tell } = this.#session;
    if (removerOf(experimentsOf(doc).get(id)) === doc.clientID) return;
    if (!writersOf(doc, id).has(doc.clientID) && !isWritingIn(`experiment-${id}`)) return;
    // Its fields are gone then, and what was being composed in one of them is in the document.
    void tick().then(() => {
      const texts = wordsOf(doc, id);
      if (texts.length > 0) tell(deletedNotice('experiment', id, texts));
    });
  }
}

const plans = new WeakMap<BoardSession, PlanState>();

/** The plan of a board; it lives as long as the board's document. */
export function planOf(session: BoardSession): PlanState {
  const plan = plans.get(session) ?? new PlanState(session);
  plans.set(session, plan);
  return plan;
}
