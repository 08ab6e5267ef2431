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

// Fillers and what chooses between shapes; and marks that made no letter with the one before.
const UNSEEN =
  /[\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;
const MARKS = /[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;

// Small letters of Cyrillic and Greek, and the Latin ones that they, small or large, look like.
const CYRILLIC =
  '\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u051d\u04cf\u04d3\u04e7\u0451';
const GREEK =
  '\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7';
const LATIN = 'abekmhopctyxijsdhqwl\u00e4\u00f6\u00eb' + 'abezhikmnoptyx';
const LOOK_ALIKES = new Map(
  [...(CYRILLIC + GREEK)].map((letter, at) => [letter, LATIN.charAt(at)]),
);

/** A text of several lines: line ends are \n, tabs are spaces, nothing unseen turns or stops it. */
export function plainLines(text: string): string {
  return text
    .replace(LINE_ENDS, '\n')
    .replace(/\t/g, ' ')
    .replace(DIRECTIONS, '')
    .replace(CONTROLS, '')
    .normalize('NFC');
}

/** The same of what another program had: no soft hyphens, hard spaces or bullets of its symbol font. */
export function plainPaste(text: string): string {
  const bare = text.replace(/[\u00ad\u200b\u2060]|^[\uf000-\uf0ff]\s*/gm, '');
  return plainLines(bare).replace(/[\u00a0\u2007\u202f]/g, ' ');
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

/**
 * A name as an eye compares it: without case, width, alphabet, stray marks and what cannot be seen.
 */
export function folded(name: string): string {
  return name
    .replace(UNSEEN, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(MARKS, '')
    .replace(/[\u0370-\u052f]/g, (letter) => LOOK_ALIKES.get(letter) ?? letter)
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
