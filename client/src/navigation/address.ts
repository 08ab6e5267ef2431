/** Items in the address of a workshop: `#board=<id>&note=<id>`; without a board, on whichever it is. */
import type { FocusRequest, EndKind } from '../document/links';

export interface LinkTarget extends FocusRequest {
  /** Null: on whichever board it is. */
  readonly board: string | null;
}

const KINDS: readonly EndKind[] = ['note', 'row', 'experiment', 'answer'];

/** What an address asks for, null when it asks for nothing. `hash`: with or without its `#`. */
export function readLinkTarget(hash: string): LinkTarget | null {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const board = asked.get('board') || null;
  for (const kind of KINDS) {
    const id = asked.get(kind);
    if (id) return { board, kind, id };
  }
  return null;
}

/** `page`: the address of the workshop, without what follows `#`. */
export function addressOf(page: string, { board, kind, id }: LinkTarget): string {
  const asked = new URLSearchParams({ ...(board !== null && { board }), [kind]: id });
  return `${page}#${asked}`;
}
