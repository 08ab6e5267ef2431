/**
 * The desk document as plain values. Whatever stands in it, reading never throws and nothing read is
 * out of shape. The twin of boards/desk.py (tests/vectors/desk.json); in words: docs/protocol.md.
 */
import * as Y from 'yjs';
import { plainOf } from '../document/schema';
import { LIMITS } from '../text/limits';
import { toldApart } from '../text/plain';
import type { Desk as DeskJson } from './api-types';

export type Timer = NonNullable<DeskJson['timer']>;
/** Where everybody was brought last, and since when. */
export type Reached = NonNullable<DeskJson['reached']>;
/** Everybody goes to a board at `ends`, ms since 1970. */
export type Invitation = NonNullable<DeskJson['invitation']>;
export type Announcement = NonNullable<DeskJson['announcement']>;
/** A board went back to how it was; a new `id` tells of it again. */
export type Restored = NonNullable<DeskJson['restored']>;
/** How a board is voted on. `dots`: for each person on the board in all. */
export type Voting = DeskJson['votes'][string];
/** What participants may do with the notes of a board. */
export type BoardRights = DeskJson['rights'][string];
/** The last round of a survey's form. */
export type RoundMark = DeskJson['assessment'][string];
/** An entry of `people`. `color`: 0 to 11, a colour of `--group-<n>`. */
export type Person = DeskJson['people'][number];
export type Role = Person['role'];
/** An entry of `boards`. */
export type BoardInfo = DeskJson['boards'][number];
/** An entry of `breakouts`. A group's place among `groups` gives its letter and colour. */
export type Breakout = DeskJson['breakouts'][number];
/** Group work that is over by itself at `ends`, ms since 1970. */
export type Recall = NonNullable<Breakout['recall']>;
export type Group = Breakout['groups'][number];

/** Zones and notes of a board that participants may not change. */
export type LockedParts = DeskJson['locked_parts'][string];

type Fields = Omit<DeskJson, 'id' | 'people' | 'boards' | 'breakouts'>;
type ById<Entry> = Readonly<Record<string, Entry>>;

export interface Desk extends Fields {
  /** By arrival, under names told apart, as the server names them everywhere else. */
  readonly people: ById<Person>;
  readonly boards: ById<BoardInfo>;
  /** Oldest first. */
  readonly breakouts: ById<Breakout>;
}

const LANGUAGES = ['fi', 'sv', 'en'] as const;
export const SCOPES = ['all', 'own', 'none'] as const;
const JOINING = ['open', 'ask', 'closed'] as const;
export const ROLES = ['facilitator', 'participant', 'observer'] as const;
const SCHEMA_VERSION = 1;

/** How each field is read: something is made of anything, and the default of nothing. */
const READERS: { readonly [Name in keyof Fields]: (value: unknown) => Fields[Name] } = {
  title: text,
  language: (value) => oneOf(LANGUAGES, value),
  workbook: text,
  stage: text,
  board: nameOrNull,
  reached,
  invitation,
  starts: (value) => valuesOf(value, wholeOrNull),
  timer,
  announcement,
  restored,
  locks: (value) => valuesOf(value, (entry) => (entry === true ? true : null)),
  rights: (value) => valuesOf(value, (entry) => (isObject(entry) ? boardRights(entry) : null)),
  locked_parts: (value) =>
    valuesOf(value, (entry) => (isObject(entry) ? lockedParts(entry) : null)),
  votes: (value) => valuesOf(value, voting),
  assessment: (value) => valuesOf(value, round),
  guidance: fieldsOf,
  previous,
  join_code: text,
  joining: (value) => oneOf(JOINING, value),
  passphrase: isTrue,
  schema: (value) => whole(value) || SCHEMA_VERSION,
};

/** The desk as it stands; an entry that is half-formed is left out. */
export function readDesk(doc: Y.Doc): Desk {
  const root = rootOf(doc, 'desk');
  const fields = Object.entries(READERS).map(([name, read]) => [name, read(root[name])] as const);
  return {
    ...(Object.fromEntries(fields) as unknown as Fields),
    people: byId(apart(entries(doc, 'people', person, ({ joined }) => joined))),
    boards: byId(entries(doc, 'boards', board, () => 0)),
    breakouts: byId(entries(doc, 'breakouts', breakout, ({ created }) => created)),
  };
}

function reached(value: unknown): Reached | null {
  const { board: on, at } = fieldsOf(value);
  return text(on) === '' || !isNumber(at) ? null : { board: text(on), at: whole(at) };
}

function invitation(value: unknown): Invitation | null {
  const { board: on, ends } = fieldsOf(value);
  return text(on) === '' || !isNumber(ends) ? null : { board: text(on), ends: whole(ends) };
}

function timer(value: unknown): Timer | null {
  const { ends, seconds, paused, locks } = fieldsOf(value);
  if (!isNumber(ends)) return null;
  const left = { seconds: whole(seconds), paused: wholeOrNull(paused) };
  return { ends: whole(ends), ...left, locks: nameOrNull(locks) };
}

function announcement(value: unknown): Announcement | null {
  const { id, text: words, at } = fieldsOf(value);
  return text(words) === '' ? null : { id: text(id), text: text(words), at: whole(at) };
}

function restored(value: unknown): Restored | null {
  const { id, board: on, person: by, at } = fieldsOf(value);
  if (text(id) === '' || text(on) === '') return null;
  return { id: text(id), board: text(on), person: text(by), at: whole(at) };
}

function voting(value: unknown): Voting | null {
  const { dots, hidden, open } = fieldsOf(value);
  if (!isNumber(dots) || dots < 1) return null;
  return { dots: Math.min(LIMITS.dots, whole(dots)), hidden: isTrue(hidden), open: isTrue(open) };
}

function boardRights(value: unknown): BoardRights {
  const { add: adds, edit, move, delete: removes, most, anonymous } = fieldsOf(value);
  const add = adds !== false;
  const edits = oneOf(SCOPES, edit);
  return {
    add,
    edit: add && edits === 'none' ? 'own' : edits,
    move: oneOf(SCOPES, move),
    delete: oneOf(SCOPES, removes),
    most: Math.min(LIMITS.mostNotes, whole(most)) || null,
    anonymous: isTrue(anonymous),
  };
}

function lockedParts(value: unknown): LockedParts {
  const { zones, notes } = fieldsOf(value);
  const names = (given: unknown) => listOf(given).filter((each) => text(each) !== '') as string[];
  return { zones: names(zones), notes: names(notes) };
}

function round(value: unknown): RoundMark | null {
  const { round: number, state } = fieldsOf(value);
  return isNumber(number) ? { round: whole(number), state: stateOf(state) } : null;
}

function previous(value: unknown): Fields['previous'] {
  const { workshop, title } = fieldsOf(value);
  return text(workshop) === '' ? null : { workshop: text(workshop), title: text(title) };
}

function person(id: string, value: unknown): Person | null {
  const { name, role: given, color, joined, hand, ready } = fieldsOf(value);
  const role = ROLES.find((each) => each === given);
  if (role === undefined) return null;
  return {
    id,
    name: text(name),
    role,
    color: whole(color) % LIMITS.personColors,
    joined: whole(joined),
    hand: wholeOrNull(hand),
    ready: wholeOrNull(ready),
  };
}

function board(id: string, value: unknown): BoardInfo | null {
  const { key, kind, lineage, breakout: round, group } = fieldsOf(value);
  if (text(key) === '') return null;
  const home = { breakout: nameOrNull(round), group: nameOrNull(group) };
  return { id, key: text(key), kind: text(kind), lineage: text(lineage), ...home };
}

function breakout(id: string, value: unknown): Breakout | null {
  const { board: shared, state, created, merged, closed, recall: called } = fieldsOf(value);
  const { choice, groups } = fieldsOf(value);
  if (text(shared) === '') return null;
  return {
    id,
    board: text(shared),
    state: stateOf(state),
    created: whole(created),
    merged: wholeOrNull(merged),
    closed: wholeOrNull(closed),
    recall: recall(called),
    choice: isTrue(choice),
    groups: listOf(groups).filter(isObject).map(group),
  };
}

function recall(value: unknown): Recall | null {
  const { ends, gather } = fieldsOf(value);
  return isNumber(ends) ? { ends: whole(ends), gather: isTrue(gather) } : null;
}

function group(value: unknown): Group {
  const {
    id,
    name,
    board: fork,
    people,
    pages,
    left,
    late,
    message: words,
    help,
  } = fieldsOf(value);
  return {
    id: text(id),
    name: text(name),
    board: text(fork),
    people: listOf(people).filter((each) => typeof each === 'string'),
    pages: listOf(pages).filter(isNumber).map(whole),
    left: valuesOf(left, wholeOrNull),
    late: wholeOrNull(late),
    message: announcement(words),
    help: wholeOrNull(help),
  };
}

function apart(people: readonly Person[]): Person[] {
  const names = toldApart(people.map(({ name }) => name));
  return people.map((each, index) => ({ ...each, name: names[index] ?? each.name }));
}

function rootOf(doc: Y.Doc, name: string): Record<string, unknown> {
  return recordOf([...doc.getMap(name)].map(([key, value]) => [key, plainOf(value)]));
}

/** Well-formed entries of a root, by time and id. */
function entries<Entry extends { readonly id: string }>(
  doc: Y.Doc,
  root: string,
  read: (id: string, value: unknown) => Entry | null,
  timeOf: (entry: Entry) => number,
): Entry[] {
  return Object.entries(rootOf(doc, root))
    .flatMap(([id, value]) => read(id, value) ?? [])
    .sort((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1));
}

function byId<Entry extends { readonly id: string }>(found: readonly Entry[]): ById<Entry> {
  return recordOf(found.map((entry) => [entry.id, entry]));
}

/** What others name, such as `constructor`, is in none but by its own entry. */
function recordOf<Value>(found: readonly (readonly [string, Value])[]): Record<string, Value> {
  const record = Object.create(null) as Record<string, Value>;
  for (const [key, value] of found) record[key] = value;
  return record;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return recordOf(isObject(value) ? Object.entries(value) : []);
}

/** Of an object, the values that are well-formed, by key. */
function valuesOf<Value>(
  value: unknown,
  read: (entry: unknown) => Value | null,
): Record<string, Value> {
  return recordOf(
    Object.entries(fieldsOf(value)).flatMap(([key, entry]) => {
      const found = read(entry);
      return found === null ? [] : [[key, found] as const];
    }),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function nameOrNull(value: unknown): string | null {
  return text(value) || null;
}

function isTrue(value: unknown): boolean {
  return value === true;
}

function stateOf(value: unknown): 'open' | 'closed' {
  return value === 'open' ? 'open' : 'closed';
}

/** One of the choices, else the first of them. */
function oneOf<const Choice>(choices: readonly [Choice, ...Choice[]], value: unknown): Choice {
  return choices.find((choice) => choice === value) ?? choices[0];
}

/** The server's whole numbers arrive as either, by their size. */
function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isFinite(value);
}

function whole(value: unknown): number {
  return isNumber(value) && value > 0 ? Math.floor(Number(value)) : 0;
}

function wholeOrNull(value: unknown): number | null {
  return isNumber(value) ? whole(value) : null;
}

/** What there is before any has arrived. */
export const EMPTY_DESK: Desk = readDesk(new Y.Doc());
