/** Join codes (8 characters) and return codes (12), as the server makes them. */

export type CodeKind = 'join' | 'return' | 'unfinished' | 'impossible';

const ALPHABET = /^[23456789A-HJKMNP-TV-Z]*$/;

/** What a person typed or pasted, without case, spaces and dashes; a pasted join link counts too. */
export function tidyCode(typed: string): string {
  const link = /\/j\/([^/?#\s]+)/i.exec(typed);
  return (link?.[1] ?? typed).toUpperCase().replace(/[^0-9A-Z]/g, '');
}

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
