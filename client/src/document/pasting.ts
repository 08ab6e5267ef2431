/**
 * What is pasted on a board and not into a field: each line is a note. From the text of other
 * programs, or where they have it from their HTML, which keeps together what is one paragraph or row.
 */
import { isVisible, plainLines } from '../text/plain';
import { cutWhole } from '../text/text-diff';
import { FIELD_LIMITS } from '../text/limits';
import type { CopiedNote } from './copied';
import { readColor } from './schema';

const MOST_COPIED = 500;
/** Between cells that stand in one row. */
const BETWEEN = ' · ';

export interface Pasted {
  readonly notes: readonly string[];
  /** What did not fit, '' when all did. */
  readonly rest: string;
}

/** Without a colour of its own it gets that in which one writes. */
export type PastedNote = Pick<CopiedNote, 'text'> & Partial<CopiedNote>;

/**
 * Bullets and numbers that lists bring along say nothing on a note. Office programs make theirs of
 * letters of symbol fonts, with a tab behind.
 */
const BULLET =
  /^\s*(?:(?:[•◦▪▫‣⁃·●○■□✓☐☑*–—-]|[\uf000-\uf0ff]|\d{1,3}[.)]|[a-z]\))\s+|[o§Øüvq]\t\s*)/iu;
const UNSEEN = /[\u00ad\u200b\u2060]/g;
const SPACES = /[\u00a0\u2007\u202f]/g;

export function notesIn(text: string): Pasted {
  const lines = text
    .split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/)
    .map(tidied)
    .filter(isVisible);
  return cut(lines);
}

/** A line as a note says it: nothing of what programs put between letters and before lines. */
export function tidied(line: string): string {
  const bare = line.replace(UNSEEN, '').replace(SPACES, ' ').replace(BULLET, '');
  return plainLines(bare.trim().replace(/ *\t\s*/g, BETWEEN)).replace(/ {2,}/g, ' ');
}

/** The notes of HTML from a clipboard; none where there is no text in it. */
export function notesInHtml(html: string): Pasted {
  const [, part = html] = /<!--StartFragment-->([\s\S]*)<!--EndFragment-->/.exec(html) ?? [];
  const text = part
    .replace(/<!\[if !supportLists\]>[\s\S]*?<!\[endif\]>/gi, '') // a bullet that is drawn
    .replace(/<!--[\s\S]*?-->|<![^>]*>/g, '')
    .replace(/<(style|script|title|xml)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/[ \t\r\n\f]+/g, ' ')
    .replace(/<(t[dh])\b[^>]*>([\s\S]*?)<\/\1>/gi, (_, _cell, inner: string) => cellOf(inner))
    .replace(/<\/?(\w+)[^>]*>/g, (_, tag: string) => (INLINE.test(tag) ? '' : '\n'));
  const lines = text
    .split('\n')
    .map((line) => decoded(line).trim().replace(/\t$/, '').replace(/\v/g, '\n'))
    .map((line) => line.split('\n').map(tidied).filter(isVisible).join('\n'));
  return cut(lines.filter(isVisible));
}

const INLINE =
  /^(?:a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|img|ins|kbd|mark|o|q|s|samp|small|span|strike|strong|sub|sup|tbody|thead|tfoot|col|colgroup|time|tt|u|v|var|wbr)$/i;

/** A cell of a table is a part of its row's note, with its own lines. */
function cellOf(inner: string): string {
  const lines = inner.trim().replace(/<\/?(?:br|p|div|li|h\d)\b[^>]*>/gi, '\v');
  return `${lines.replace(/^\s*\v+|\v+\s*$/g, '').replace(/\s*\v+\s*/g, '\v')}\t`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  shy: '\u00ad',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  bull: '•',
  middot: '·',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  euro: '€',
  auml: 'ä',
  ouml: 'ö',
  aring: 'å',
  Auml: 'Ä',
  Ouml: 'Ö',
  Aring: 'Å',
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, ten, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? whole;
    const code = hex === undefined ? Number(ten) : parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

function cut(lines: readonly string[]): Pasted {
  const notes = lines.map((line) => cutWhole(line, FIELD_LIMITS.note));
  const rest = lines.map((line, i) => line.slice(notes[i]?.length)).filter((more) => more !== '');
  return { notes, rest: rest.join('\n') };
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
