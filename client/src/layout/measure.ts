/**
 * How tall a note is, from its text alone: every screen reaches the same answer without asking the
 * DOM, so notes that nobody has placed flow alike everywhere.
 */

/** Board units (CSS pixels at zoom 1). */
export const NOTE_WIDTH = 200;
export const NOTE_MIN_HEIGHT = 92;
/** Padding and border together. */
export const NOTE_PADDING = 15;
export const LINE_HEIGHT = 21;
/** A longer note is cut off on the canvas until it is asked for; the editor and the list show it whole. */
export const MAX_LINES = 12;

const FONT_SIZE = 16;
const TEXT_WIDTH = NOTE_WIDTH - 2 * NOTE_PADDING;
/** Advance widths of U+0020 to U+007E, in hundredths of an em. Source: Atkinson Hyperlegible Next 500, hmtx. */
const WIDTHS = [
  29, 29, 34, 70, 60, 94, 73, 18, 31, 31, 48, 60, 24, 37, 24, 41, 65, 42, 56, 59, 62, 60, 61, 52,
  62, 58, 24, 24, 56, 62, 56, 51, 78, 65, 62, 65, 68, 58, 56, 70, 70, 40, 53, 64, 55, 84, 70, 73,
  61, 74, 63, 60, 58, 69, 61, 87, 65, 60, 61, 33, 41, 34, 56, 38, 26, 54, 58, 50, 58, 55, 34, 57,
  56, 27, 25, 52, 28, 86, 56, 56, 58, 58, 36, 49, 35, 55, 49, 71, 50, 48, 48, 36, 24, 36, 55,
];
const FIRST = 32;
const LATIN_WIDTH = 60;
const OTHER_WIDTH = 105;

/** Room between letters, words and lines as a reader has set it for all pages (WCAG 1.4.12), board units. */
export interface Spacing {
  readonly letters: number;
  readonly words: number;
  readonly line: number;
}

const USUAL: Spacing = { letters: 0, words: 0, line: LINE_HEIGHT };
let spacing = USUAL;

/** Whoever has set none has the layout of everybody else. True when it is another one than before. */
export function spaceText(set: Spacing): boolean {
  const before = spacing;
  spacing = set;
  return (Object.keys(set) as (keyof Spacing)[]).some((each) => set[each] !== before[each]);
}

/** How much taller than usual a line is, board units. */
export function extraLine(): number {
  return Math.max(0, spacing.line - LINE_HEIGHT);
}

/** Height of a note on the canvas, board units. */
export function noteHeight(text: string): number {
  const lines = Math.min(MAX_LINES, countLines(text));
  return Math.max(NOTE_MIN_HEIGHT, lines * spacing.line + 2 * NOTE_PADDING);
}

/** Of a note that is read whole, with the button that folds it again. */
export function wholeHeight(text: string): number {
  return (countLines(text) + 2) * spacing.line + 2 * NOTE_PADDING;
}

/** True when the canvas cannot show the whole text. */
export function isCut(text: string): boolean {
  return countLines(text) > MAX_LINES;
}

/**
 * Lines of `text` in `room` units of width, when wrapped at spaces and after hyphens, and inside a word only where the word
 * alone is too wide. Errs on the tall side: 200 notes measured in Chromium, none taller than this.
 */
export function countLines(text: string, room = TEXT_WIDTH): number {
  return text.split('\n').reduce((sum, line) => sum + wrappedLines(line, room), 0);
}

function wrappedLines(line: string, room: number): number {
  let lines = 1;
  let used = 0;
  for (const piece of line.match(/\s+|[^\s-]*-|[^\s-]+/g) ?? []) {
    const width = widthOf(piece);
    if (used + width <= room) {
      used += width;
    } else if (piece.trim() === '') {
      used = room;
    } else {
      const own = Math.max(1, Math.ceil(width / room));
      lines += used === 0 ? own - 1 : own;
      used = width - (own - 1) * room;
    }
  }
  return lines;
}

function widthOf(piece: string): number {
  let hundredths = 0;
  let letters = 0;
  for (const char of piece) {
    hundredths += charWidth(char.codePointAt(0) ?? FIRST);
    letters += 1;
  }
  const words = piece.trim() === '' ? letters * spacing.words : 0;
  return (hundredths / 100) * FONT_SIZE + letters * spacing.letters + words;
}

function charWidth(code: number): number {
  return WIDTHS[code - FIRST] ?? (code < 0x250 ? LATIN_WIDTH : OTHER_WIDTH);
}
