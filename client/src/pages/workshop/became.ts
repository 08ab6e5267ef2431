import type * as Y from 'yjs';

/** Links "this became that" of a board: note → notes that it became. */
export function becameIn(doc: Y.Doc): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const link of doc.getMap<unknown>('links').values()) {
    const { from, to, kind } = (link ?? {}) as Record<string, unknown>;
    if (kind !== 'became' || typeof from !== 'string' || typeof to !== 'string') continue;
    found.set(from, [...(found.get(from) ?? []), to]);
  }
  return found;
}
