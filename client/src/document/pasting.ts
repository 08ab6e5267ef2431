/** Text that is pasted on a board and not into a field: each line is a note. */
import { isVisible, plainLines } from '../text/plain';
import { cutWhole } from '../text/text-diff';
import { FIELD_LIMITS } from '../text/limits';

export interface Pasted {
  readonly notes: readonly string[];
  /** What did not fit, '' when all did. */
  readonly rest: string;
}

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
