const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** They turn the direction of what stands beside them; names come with them from address books. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name or title as the server takes it: one line, without what a paste brings along unseen. */
export function oneLine(text: string): string {
  return text.replace(DIRECTIONS, '').replace(BREAKS, ' ').trim();
}
