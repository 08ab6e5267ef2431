/** What a workshop consists of, as the desk document and the workbook say it. Plain values only. */
import type { WorkbookBoard, WorkbookField, WorkbookRow, WorkbookZone } from './api-types';
import type { Role } from './desk';

/** The person at this screen. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** A group of a breakout as marked on notes: `index` gives its colour and letter. */
export interface GroupMark {
  readonly id: string;
  readonly name: string;
  readonly index: number;
}

/** A zone of a notes board, as the workbook describes it; a column of a grid likewise. */
export type ZoneDefinition = WorkbookZone;
/** A row of a grid board; its zones are `<id>/<column id>`. */
export type RowDefinition = WorkbookRow;
/** A field of an experiment: a shared text, or its start and end. */
export type FieldDefinition = WorkbookField;
/** A board of the workbook; which parts it has follows from its kind. */
export type BoardDefinition = WorkbookBoard;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A, B, … Z, then A2, B2, …: the letter that stands for a group wherever its colour does. */
export function groupLetter(index: number): string {
  const round = Math.floor(index / LETTERS.length);
  return `${LETTERS[index % LETTERS.length]}${round > 0 ? round + 1 : ''}`;
}
