/** What is copied from a board, and what is pasted on one and not into a field: each line is a note. */
import { isVisible, plainLines } from '../text/plain';
import { cutWhole } from '../text/text-diff';
import { FIELD_LIMITS } from '../text/limits';
import { readColor, type NoteColor } from './schema';

/** Type of what only a board of ours reads; other programs get the lines. */
export const COPIED_NOTES = 'application/x-hahmo-notes+json';
const MOST_COPIED = 500;

export interface CopiedNote {
  readonly text: string;
  readonly color: NoteColor;
}

export interface Pasted {
  readonly notes: readonly string[];
  /** What did not fit, '' when all did. */
  readonly rest: string;
}

/** Without a colour of its own it gets that in which one writes. */
export type PastedNote = Pick<CopiedNote, 'text'> & Partial<CopiedNote>;

/** Bullets and numbers that lists bring along say nothing on a note. */
const BULLET = /^\s*(?:[•◦▪‣·*–-]|\d{1,3}[.)])\s+/;

export function notesIn(text: string): Pasted {
  const lines = plainLines(text)
    .split('\n')
    .map((line) => line.replace(BULLET, '').trim())
    .filter(isVisible);
  const notes = lines.map((line) => cutWhole(line, FIELD_LIMITS.note));
  const rest = lines.map((line, i) => line.slice(notes[i]?.length)).filter((cut) => cut !== '');
  return { notes, rest: rest.join('\n') };
}

/** For other programs: a line for each note. */
export function linesOf(notes: readonly CopiedNote[]): string {
  return notes.map(({ text }) => text.replace(/\s*\n\s*/g, ' ')).join('\n');
}

/** Notes as another board has copied them; none of what is not that, whoever put it there. */
export function readCopied(json: string): readonly CopiedNote[] {
  let found: unknown = null;
  try {
    found = JSON.parse(json);
  } catch {
    // Another program's, or nobody's.
  }
  if (!Array.isArray(found)) return [];
  return found.slice(0, MOST_COPIED).flatMap((one: unknown): CopiedNote[] => {
    if (typeof one !== 'object' || one === null) return [];
    const { text, color } = one as Record<string, unknown>;
    if (typeof text !== 'string') return [];
    const kept = cutWhole(plainLines(text), FIELD_LIMITS.note);
    return isVisible(kept) ? [{ text: kept, color: readColor(color) }] : [];
  });
}
