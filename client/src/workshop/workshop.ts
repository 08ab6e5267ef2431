/** What a workshop consists of, as the desk document and the workbook say it. Plain values only. */
import { toldApart } from '../text/plain';
import type { WorkbookBoard, WorkbookField, WorkbookRow, WorkbookZone } from './api-types';

export type Role = 'facilitator' | 'participant' | 'observer';

/** The person at this screen. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** An entry of the desk's `people`. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** 0 to 11, a colour of `--group-<n>`. */
  readonly color: number;
  readonly joined?: number;
}

/** An entry of the desk's `boards`. */
export interface BoardInfo {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly lineage: string;
  readonly breakout: string | null;
  readonly group: string | null;
}

/** A group of a breakout as marked on notes: `index` gives its colour and letter. */
export interface GroupMark {
  readonly id: string;
  readonly name: string;
  readonly index: number;
}

/** An entry of the desk's `breakouts`. */
export interface Breakout {
  readonly id: string;
  readonly board: string;
  readonly state: 'open' | 'closed';
  readonly created: number;
  readonly merged: number | null;
  /** When it was over. */
  readonly closed?: number | null;
  readonly groups: readonly Group[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly board: string;
  readonly people: readonly string[];
  readonly pages?: readonly number[];
  /** Who was moved out of it, and when. */
  readonly left?: Readonly<Record<string, number>>;
  /** Notes that came after the end and are not on the shared board; 0: something else; null: none. */
  readonly late?: number | null;
}

/** A zone of a notes board, as the workbook describes it; a column of a grid likewise. */
export type ZoneDefinition = WorkbookZone;
/** A row of a grid board; its zones are `<id>/<column id>`. */
export type RowDefinition = WorkbookRow;
/** A field of an experiment: a shared text, or its start and end. */
export type FieldDefinition = WorkbookField;
/** A board of the workbook; which parts it has follows from its kind. */
export type BoardDefinition = WorkbookBoard;

/** The desk's people under names told apart, as the server names them everywhere else. */
export function peopleApart(people: Readonly<Record<string, Person>>): Record<string, Person> {
  const ordered = Object.values(people).sort(
    (a, b) => (a.joined ?? 0) - (b.joined ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const names = toldApart(ordered.map(({ name }) => name));
  return Object.fromEntries(
    ordered.map((person, index) => [person.id, { ...person, name: names[index] ?? person.name }]),
  );
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A, B, … Z, then A2, B2, …: the letter that stands for a group wherever its colour does. */
export function groupLetter(index: number): string {
  const round = Math.floor(index / LETTERS.length);
  return `${LETTERS[index % LETTERS.length]}${round > 0 ? round + 1 : ''}`;
}
