import type * as Y from 'yjs';
import { readBecameLinks } from '../../session/became-links.svelte';

/** Links "this became that" of a board: note → notes that it became. */
export function becameIn(doc: Y.Doc, board: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { from, to } of readBecameLinks(doc, board))
    found.set(from, [...(found.get(from) ?? []), to]);
  return found;
}
