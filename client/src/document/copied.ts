/** What is copied from a board, for another board or another program. */
import type { NoteColor } from './schema';

/** Type of what only a board of ours reads; other programs get the lines. */
export const COPIED_NOTES = 'application/x-hahmo-notes+json';

export interface CopiedNote {
  readonly text: string;
  readonly color: NoteColor;
}

/** For other programs: a line for each note. */
export function linesOf(notes: readonly CopiedNote[]): string {
  return notes.map(({ text }) => text.replace(/\s*\n\s*/g, ' ')).join('\n');
}
