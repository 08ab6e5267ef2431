/** Experiments of a plan: reading them, and everything a person can do to them as steps of undo. */
import * as Y from 'yjs';
import { isDay } from './days';
import { newId } from './ids';
import { readLinks, type End, type EndKind } from './links';
import { plainOf, wholeOf } from './schema';
import { USER, type Undo } from './undo';

const CHECK = 'check/';

/** An experiment as views see it. Days are `YYYY-MM-DD`. */
export interface Experiment {
  readonly id: string;
  /** Creation, milliseconds since 1970. */
  readonly at: number;
  /** Field of the workbook → what is written there. */
  readonly texts: Readonly<Record<string, string>>;
  readonly start: string | null;
  readonly end: string | null;
  /** Days on which its progress is assessed, earliest first. */
  readonly checks: readonly string[];
}

export type DateField = 'start' | 'end';
type Fields = Y.Map<unknown>;

export function experimentsOf(doc: Y.Doc): Y.Map<Fields> {
  return doc.getMap('experiments');
}

/**
 * The shared text of a field, or null when there is none. That of a deleted experiment too: what is
 * being composed there as it goes is kept with it.
 */
export function experimentText(doc: Y.Doc, id: string, field: string): Y.Text | null {
  const text = experimentsOf(doc).get(id)?.get(field);
  return text instanceof Y.Text ? text : null;
}

/** What is written in its fields, whether it stands or not. */
export function wordsOf(doc: Y.Doc, id: string): string[] {
  return textsIn(doc, id)
    .map(String)
    .filter((text) => text.trim() !== '');
}

/** Whose letters stand in it, as Yjs clients: those of an earlier visit are another's. */
export function writersOf(doc: Y.Doc, id: string): ReadonlySet<number> {
  const writers = new Set<number>();
  for (const text of textsIn(doc, id)) {
    for (let item = text._start; item; item = item.right) {
      const { deleted, content } = item;
      if (!deleted && content instanceof Y.ContentString && content.str.trim() !== '')
        writers.add(item.id.client);
    }
  }
  return writers;
}

/** All that stand, oldest first; what is half-formed is left out, as boards/schema.py does. */
export function readExperiments(doc: Y.Doc): Experiment[] {
  return [...experimentsOf(doc).keys()]
    .flatMap((id) => readExperiment(doc, id))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** Experiment → the note of the same board that it was made from. `board`: as ends of links name it. */
export function originsOf(doc: Y.Doc, board: string): Map<string, string> {
  const isOwn = (end: End, kind: EndKind) => end.board === board && end.kind === kind;
  const made = readLinks(doc, board).filter(
    ({ kind, from, to }) => kind === 'relates' && isOwn(from, 'note') && isOwn(to, 'experiment'),
  );
  return new Map(made.map(({ from, to }) => [to.id, from.id]));
}

/** Whether these two days can be its start and end. */
export function inOrder(start: string | null, end: string | null): boolean {
  return start === null || end === null || start <= end;
}

/**
 * Whether it ends before it starts: two people chose the two days at the same time. Nobody's day is
 * refused or changed for that (docs/decisions.md); readers tell of it. The twin of boards/schema.py.
 */
export function isCrossed({ start, end }: Pick<Experiment, 'start' | 'end'>): boolean {
  return !inOrder(start, end);
}

/** Whether a calendar can hold it: it has a day, and its days can stand. */
export function hasCalendar(experiment: Experiment): boolean {
  const { start, end, checks } = experiment;
  return (start !== null || end !== null || checks.length > 0) && !isCrossed(experiment);
}

/** The changes of a board's experiments, each verb one step of undo; names as in boards/edits.py. */
export class ExperimentEdits {
  readonly #doc: Y.Doc;
  readonly #undo: Undo;
  readonly #now: () => number;

  constructor(doc: Y.Doc, undo: Undo, now: () => number = Date.now) {
    this.#doc = doc;
    this.#undo = undo;
    this.#now = now;
  }

  /** A new experiment with these text fields; made from a note, it says what the note says. */
  addExperiment(
    fields: readonly string[],
    from?: { readonly note: string; readonly text: string },
  ): string {
    const id = newId();
    const [first, ...rest] = fields;
    // Born deleted and untracked, as notes are: undo hides it, and keeps what others wrote.
    this.#doc.transact(() => {
      const made: Fields = new Y.Map();
      if (first !== undefined) made.set(first, new Y.Text(from?.text ?? ''));
      for (const field of rest) made.set(field, new Y.Text());
      made.set('at', this.#now());
      made.set('del', true);
      experimentsOf(this.#doc).set(id, made);
    });
    this.#step(() => {
      experimentsOf(this.#doc).get(id)?.delete('del');
      if (!from) return;
      const link = { from: from.note, to: `experiment/${id}`, kind: 'relates' };
      this.#doc.getMap('links').set(newId(), link);
    });
    return id;
  }

  /** Set or clear a day. False, and nothing is written, when it would end before it starts. */
  setDay(id: string, field: DateField, day: string | null): boolean {
    const experiment = living(this.#doc, id);
    if (!experiment || (day !== null && !isDay(day))) return false;
    const other = dayOrNull(experiment.get(field === 'start' ? 'end' : 'start'));
    const [start, end] = field === 'start' ? [day, other] : [other, day];
    if (!inOrder(start, end)) return false;
    if (dayOrNull(experiment.get(field)) === day) return true;
    this.#step(() => experiment.set(field, day ?? ''));
    return true;
  }

  /** Say that on this day its progress is assessed, or (`wanted`) no longer. */
  putCheck(id: string, day: string, wanted = true): void {
    const experiment = living(this.#doc, id);
    if (!experiment || !isDay(day)) return;
    this.#step(() => {
      if (wanted) experiment.set(CHECK + day, true);
      else experiment.delete(CHECK + day);
    });
  }

  deleteExperiment(id: string): void {
    this.#step(() => living(this.#doc, id)?.set('del', true));
  }

  restoreExperiment(id: string): void {
    const experiment: unknown = experimentsOf(this.#doc).get(id);
    if (experiment instanceof Y.Map) this.#step(() => experiment.delete('del'));
  }

  /** Put a name behind what a field says already, with a comma between. */
  append(id: string, field: string, words: string): void {
    const text = experimentText(this.#doc, id, field);
    if (!text) return;
    const before = text.toString();
    const gap = before.trim() === '' || /\n$/.test(before) ? '' : /,\s*$/.test(before) ? ' ' : ', ';
    this.#step(() => text.insert(text.length, gap + words));
  }

  #step(change: () => void): void {
    this.#undo.boundary();
    this.#doc.transact(change, USER);
    this.#undo.boundary();
  }
}

function living(doc: Y.Doc, id: string): Fields | null {
  const found: unknown = experimentsOf(doc).get(id);
  return found instanceof Y.Map && found.get('del') !== true ? (found as Fields) : null;
}

function readExperiment(doc: Y.Doc, id: string): Experiment[] {
  const fields = living(doc, id);
  if (!fields) return [];
  const texts: Record<string, string> = {};
  const checks: string[] = [];
  for (const [key, value] of fields.entries()) {
    if (value instanceof Y.Text && isTextField(key)) texts[key] = value.toString();
    const day = key.startsWith(CHECK) && value === true ? key.slice(CHECK.length) : null;
    if (isDay(day)) checks.push(day);
  }
  return [
    {
      id,
      at: wholeOf(fields.get('at')),
      texts,
      start: dayOrNull(fields.get('start')),
      end: dayOrNull(fields.get('end')),
      checks: checks.sort(),
    },
  ];
}

function textsIn(doc: Y.Doc, id: string): Y.Text[] {
  const experiment: unknown = experimentsOf(doc).get(id);
  if (!(experiment instanceof Y.Map)) return [];
  return [...experiment.values()].filter((value) => value instanceof Y.Text);
}

const PLAIN_FIELDS: readonly string[] = ['start', 'end', 'at', 'group', 'del'];

function isTextField(key: string): boolean {
  return !PLAIN_FIELDS.includes(key) && !key.startsWith(CHECK);
}

function dayOrNull(value: unknown): string | null {
  const day = plainOf(value);
  return isDay(day) ? day : null;
}
