/** Addresses of the web within what people write. */

export interface Piece {
  readonly text: string;
  /** Where it leads, null for plain words. Only to `http:` and `https:`. */
  readonly href: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"“”]+/gi;
/** What ends a sentence or closes a bracket belongs to the sentence. */
const ENDS = /[.,;:!?…'’)\]}]+$/;

/** A text in pieces, in order; put together they are the text again. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    const href = hrefOf(address);
    if (href === null) continue;
    if (index > from) pieces.push({ text: text.slice(from, index), href: null });
    pieces.push({ text: address, href });
    from = index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}

/** A closing bracket stays where the address has the opening one, as in many an encyclopedia's. */
function trimmed(found: string): string {
  const end = ENDS.exec(found)?.[0] ?? '';
  const short = found.slice(0, found.length - end.length);
  const isOpen = short.split('(').length > short.split(')').length;
  return isOpen && end.startsWith(')') ? `${short})` : short;
}

function hrefOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, href } = new URL(address);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && hostname !== '' ? href : null;
}

/** Of an address, for people: whom it leads to. */
export function hostOf(href: string): string {
  return new URL(href).host;
}
