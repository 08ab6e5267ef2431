/** The shape of a board document, the twin of boards/schema.py. Readers tolerate, writers don't. */
import * as Y from 'yjs';
import { LIMITS } from '../text/limits';

export const SCHEMA_VERSION = 1;
export const NOTE_COLORS = ['yellow', 'green', 'blue', 'pink', 'orange', 'violet'] as const;
export type NoteColor = (typeof NOTE_COLORS)[number];
/** Where notes are put and drawn: from 0 to here. */
export const FIELD_LIMIT = 20_000;

export type NoteMap = Y.Map<unknown>;

/** A note as views see it: immutable, one object per state of the note. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly zone: string;
  readonly color: NoteColor;
  /** Creation, milliseconds since 1970; 0 when unknown. */
  readonly at: number;
  readonly author: string | null;
  readonly group: string | null;
  /** The theme it stands under; it then has the theme's zone, and no place of its own. */
  readonly theme: string | null;
  /** From the last round's map. */
  readonly carried: boolean;
  /** Board units from the top left of the zone's field; null where this board has no placement. */
  readonly x: number | null;
  readonly y: number | null;
}

/** A named cluster of notes, as views see it. */
export interface Theme {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  /** Board units, of all of it; null where this board has no placement for it. */
  readonly x: number | null;
  readonly y: number | null;
}

/**
 * A field as plain JSON: a shared type in the place of a plain value reads as what it holds. (The
 * other way round there is nothing to write on: what should be a text and is none is left out.)
 */
export function plainOf(value: unknown): unknown {
  return value instanceof Y.AbstractType ? value.toJSON() : value;
}

/** A count such as milliseconds since 1970; 0 when it is none. */
export function wholeOf(value: unknown): number {
  return Number.isFinite(value) && (value as number) > 0 ? Math.floor(value as number) : 0;
}

export function notesOf(doc: Y.Doc): Y.Map<NoteMap> {
  return doc.getMap('notes');
}

export function themesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('themes');
}

export function layoutOf(doc: Y.Doc, board: string): Y.Map<unknown> {
  return doc.getMap(`layout/${board}`);
}

/** `question` or `question/group` → Y.Text; the server makes the keys. */
export function answersOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('answers');
}

export function answerText(doc: Y.Doc, key: string): Y.Text | null {
  const text = answersOf(doc).get(key);
  return text instanceof Y.Text ? text : null;
}

/** `note/person` → number of dots. */
export function votesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('votes');
}

/** Link id → `{from, to, kind}`; how ends are spelt: links.ts. */
export function linksOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('links');
}

/** A note's text, or null when the note is gone or malformed. */
export function textOf(doc: Y.Doc, id: string): Y.Text | null {
  const note: unknown = notesOf(doc).get(id);
  const text = note instanceof Y.Map ? note.get('text') : null;
  return text instanceof Y.Text ? text : null;
}

/** A theme's name, or null when the theme is gone or malformed. */
export function themeNameOf(doc: Y.Doc, id: string): Y.Text | null {
  const theme = themesOf(doc).get(id);
  const name: unknown = theme instanceof Y.Map ? theme.get('name') : null;
  return name instanceof Y.Text ? name : null;
}

/** The theme as a plain value, or null when it was taken apart or is malformed. */
export function readTheme(id: string, theme: unknown, placement: unknown): Theme | null {
  if (!(theme instanceof Y.Map) || theme.get('del') === true) return null;
  const zone = plainOf(theme.get('zone'));
  const name: unknown = theme.get('name');
  if (typeof zone !== 'string' || !(name instanceof Y.Text)) return null;
  const [x, y] = readPlacement(placement);
  return Object.freeze({ id, name: name.toString(), zone, x, y });
}

/** What a note says of its theme, whether that theme stands or not. */
export function themeIdOf(note: unknown): string | null {
  return note instanceof Y.Map ? nameOrNull(note.get('theme')) : null;
}

/** The note as a plain value, or null when it is deleted or malformed. */
export function readNote(
  id: string,
  note: unknown,
  placement: unknown,
  themes: ReadonlyMap<string, Theme> = new Map(),
): Note | null {
  if (!(note instanceof Y.Map) || note.get('del') === true) return null;
  const zone = plainOf(note.get('zone'));
  const text: unknown = note.get('text');
  if (typeof zone !== 'string' || !(text instanceof Y.Text)) return null;
  const theme = themes.get(themeIdOf(note) ?? '') ?? null;
  const [x, y] = theme ? [null, null] : readPlacement(placement);
  return Object.freeze({
    id,
    text: text.toString(),
    zone: theme?.zone ?? zone,
    color: readColor(note.get('color')),
    at: wholeOf(note.get('at')),
    author: nameOrNull(note.get('author')),
    group: nameOrNull(note.get('group')),
    theme: theme?.id ?? null,
    carried: note.get('carried') === true,
    x,
    y,
  });
}

/** Within the field and whole: as a placement is written and drawn. */
export function clampToField(value: number): number {
  return Math.round(Math.min(FIELD_LIMIT, Math.max(0, value)));
}

function readPlacement(value: unknown): [number, number] | [null, null] {
  if (!Array.isArray(value) || value.length !== 2) return [null, null];
  const [x, y] = value as unknown[];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return [null, null];
  return [whole(x as number), whole(y as number)];
}

function whole(value: number): number {
  return Math.max(-LIMITS.position, Math.min(LIMITS.position, Math.floor(value + 0.5)));
}

export function readColor(value: unknown): NoteColor {
  const plain = plainOf(value);
  return NOTE_COLORS.find((color) => color === plain) ?? 'yellow';
}

function nameOrNull(value: unknown): string | null {
  const plain = plainOf(value);
  return typeof plain === 'string' && plain !== '' ? plain : null;
}

/** Dots of one person on one note; 0 for what is no vote. */
export function readVote(
  key: string,
  value: unknown,
): { readonly note: string; readonly person: string; readonly dots: number } {
  const slash = key.indexOf('/');
  const [note, person] = [key.slice(0, Math.max(0, slash)), key.slice(slash + 1)];
  return {
    note,
    person,
    dots: slash < 0 || person === '' ? 0 : Math.min(LIMITS.dotsOnNote, wholeOf(value)),
  };
}
