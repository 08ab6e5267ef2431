/**
 * What people write, made plain; and how two of one name are told apart. The twin of
 * boards/texts.py, which says why (vectors: tests/vectors/texts.json).
 */

const LINE_ENDS = /\r\n|[\r\v\f\x1d\x85\u2028\u2029]/g;
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROLS = /[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]/g;
const UNSEEN_IN_NAMES = /[\u00ad\u200b\u2060]/g;
const INK =
  /[^\p{Z}\p{M}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2065\u2800\u{1d159}\u{e0000}-\u{e0fff}]/u;

/** A text of several lines: line ends are \n, tabs are spaces, nothing unseen turns or stops it. */
export function plainLines(text: string): string {
  return text
    .replace(LINE_ENDS, '\n')
    .replace(/\t/g, ' ')
    .replace(DIRECTIONS, '')
    .replace(CONTROLS, '')
    .normalize('NFC');
}

/** What is typed into one line, with its spaces as they are: a word is being written there. */
export function plainTyping(text: string): string {
  return plainLines(text.replace(UNSEEN_IN_NAMES, '')).replace(/\n/g, ' ');
}

/** A name or a title: one line, trimmed, one space between words. */
export function plainLine(text: string): string {
  return plainTyping(text).replace(/\s+/g, ' ').trim();
}

/** Whether anything of it leaves ink: more than spaces, fillers, marks and formats. */
export function isVisible(text: string): boolean {
  return INK.test(text);
}

/** A name as an eye compares it: without case, width and what cannot be seen. */
export function folded(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The same names, oldest first; of those alike, all but the first with a number: "Anna (2)".
 * Each is looked at once: five hundred of one name take no longer than of five hundred.
 */
export function toldApart(names: readonly string[]): string[] {
  const taken = new Set<string>();
  const numbers = new Map<string, number>(); // by name as folded: those up to here are taken
  return names.map((name) => {
    const alike = folded(name);
    let own = alike;
    let number = numbers.get(alike) ?? 1;
    while (taken.has(own)) own = `${alike} (${(number += 1)})`.trim();
    taken.add(own);
    numbers.set(alike, number);
    return own === alike ? name : `${name} (${number})`;
  });
}
