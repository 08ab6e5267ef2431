/**
 * The frame of a theme: its heading, and its notes in rows under it. All sizes come from the texts
 * alone, as those of notes do, so that every screen draws the same.
 */
import { countLines, extraLine, NOTE_MIN_HEIGHT, NOTE_WIDTH, noteHeight } from './measure';
import type { Note, Theme } from '../document/schema';

/** Between the frame's edge and what is in it, and between the notes in it. */
export const FRAME_PAD = 10;
const INNER_GAP = 12;
/** A heading of one line, and each further line. */
const HEAD = 44;
const HEAD_LINE = 23;
const MOST_HEAD_LINES = 3;
/** Count, dots and the sign of the menu stand beside the name. */
const BESIDE_NAME = 104;
/** The name is set larger and bolder than the text that `countLines` knows. */
const NAME_SCALE = 1.2;
/** Up to how many notes fill one and two columns; more fill as many as the zone has. */
const COLUMNS = [1, 8];

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface FrameShape {
  readonly width: number;
  readonly height: number;
  /** Of the heading. */
  readonly head: number;
  /** Its notes, from the frame's top left. */
  readonly spots: ReadonlyMap<string, Spot>;
}

/** `notes`: those of the theme, in reading order. `most`: columns of the zone, which no theme is wider than. */
export function frameShape({ name }: Theme, notes: readonly Note[], most: number): FrameShape {
  const columns = Math.min(most, columnsFor(notes.length));
  const width = 2 * FRAME_PAD + columns * NOTE_WIDTH + (columns - 1) * INNER_GAP;
  const head = headHeight(name, width);
  const spots = new Map<string, Spot>();
  let y = head;
  for (let start = 0; start < notes.length; start += columns) {
    const row = notes.slice(start, start + columns);
    const heights = row.map(({ text }) => noteHeight(text));
    for (const [i, { id }] of row.entries()) {
      const x = FRAME_PAD + i * (NOTE_WIDTH + INNER_GAP);
      spots.set(id, { x, y, height: heights[i] ?? NOTE_MIN_HEIGHT });
    }
    y += Math.max(...heights) + INNER_GAP;
  }
  return { width, height: y - INNER_GAP + FRAME_PAD + MARKS, head, spots };
}

/** Marks (dots, links, who is writing) hang below a note's lower edge. */
const MARKS = 6;

/** Where a frame's corner is, for its first note to stay where it is. */
export function cornerFor({ x, y }: { readonly x: number; readonly y: number }): {
  x: number;
  y: number;
} {
  return { x: Math.max(0, x - FRAME_PAD), y: Math.max(0, y - HEAD) };
}

function columnsFor(notes: number): number {
  const at = COLUMNS.findIndex((most) => notes <= most);
  return at < 0 ? COLUMNS.length + 1 : at + 1;
}

function headHeight(name: string, width: number): number {
  const room = (width - 2 * FRAME_PAD - BESIDE_NAME) / NAME_SCALE;
  const lines = Math.min(MOST_HEAD_LINES, countLines(name.replace(/\s+/g, ' '), room));
  return HEAD + extraLine() + (lines - 1) * (HEAD_LINE + extraLine());
}
