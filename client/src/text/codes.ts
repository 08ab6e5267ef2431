/** Join codes (8 characters) and return codes (12), as the server makes them. */

export type CodeKind = 'join' | 'return' | 'unfinished' | 'impossible';

const ALPHABET = /^[23456789A-HJKMNP-TV-Z]*$/;

/** Characters of an input that are looked at: a mail's link may be long. */
const MOST_TYPED = 2000;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const LINK = /\/J\/[^0-9A-Z]*(.*)/s;
const IN_LINK = /^[0-9A-Z]{4}[^0-9A-Z?#&/]*[0-9A-Z]{4}(?![0-9A-Z])/;
const IN_WORDS =
  /(?<![0-9A-Z])(?:[0-9A-Z]{4}(?: ?- ?[0-9A-Z]{4}){1,2}|[0-9A-Z]{8}|[0-9A-Z]{12})(?![0-9A-Z])/g;

/**
 * The code in what was typed or pasted, without case, dashes and whatever stands around it; also
 * out of a join link, a mail's disguise of one, or a sentence. May still be no code at all.
 * The twin of `normalise` in server/access/codes.py (vectors: tests/vectors/codes.json).
 */
export function tidyCode(typed: string): string {
  const text = plain(typed.slice(0, MOST_TYPED));
  const link = LINK.exec(text)?.[1];
  if (link !== undefined)
    return letters(IN_LINK.exec(link)?.[0] ?? link.split(/[\s?#&/]/)[0] ?? '');
  const whole = letters(text);
  if (mayBe(whole)) return whole;
  const inside = new Set((text.match(IN_WORDS) ?? []).map(letters).filter(mayBe));
  const [only = whole] = inside;
  return inside.size === 1 ? only : whole;
}

/** Capitals, digits and ASCII marks; what cannot be seen is gone, other marks are spaces. */
function plain(typed: string): string {
  return typed
    .replace(ESCAPES, unescaped)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\p{Pd}\u2212\u2043\u02d7\u30fc]/gu, '-')
    .replace(/[\p{Cf}\p{Mn}]/gu, '')
    .replace(/[^ -~]/gu, ' ');
}

function unescaped(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return ' ';
  }
}

const letters = (text: string) => text.replace(/[^0-9A-Z]/g, '');
const mayBe = (code: string) => ['join', 'return'].includes(codeKind(code));

/** What the tidied code can be. `impossible`: too long, or with a character no code has (0 1 I L O U). */
export function codeKind(tidy: string): CodeKind {
  if (tidy.length > 12 || !ALPHABET.test(tidy)) return 'impossible';
  if (tidy.length === 8) return 'join';
  return tidy.length === 12 ? 'return' : 'unfinished';
}

/** ABCDEFGH → ABCD-EFGH, as codes are shown and read aloud. */
export function shownCode(code: string): string {
  return (
    tidyCode(code)
      .match(/.{1,4}/g)
      ?.join('-') ?? ''
  );
}
