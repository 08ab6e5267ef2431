/** What an edit is about, as a person counts it: ids of notes, themes, answers and the like. */
import * as Y from 'yjs';

const PLACES = 'layout/';

/**
 * Ids of the entries of the document's roots that a transaction changed. Placements count where
 * nothing else changed: whoever moves one note may pin down its neighbours.
 */
export function aboutOf(transaction: Y.Transaction): string[] {
  const [things, placed] = [new Set<string>(), new Set<string>()];
  for (const [type, keys] of transaction.changed) {
    const { root, key } = whereIs(type as Y.AbstractType<unknown>);
    const found = root.startsWith(PLACES) ? placed : things;
    if (key !== null) found.add(key);
    else for (const own of keys) if (own !== null) found.add(own);
  }
  return [...(things.size > 0 ? things : placed)];
}

/** The root that a type is in, and the entry of it; null for the root itself. */
function whereIs(type: Y.AbstractType<unknown>): { root: string; key: string | null } {
  let key: string | null = null;
  let at = type;
  while (at._item) {
    key = at._item.parentSub ?? key;
    at = at._item.parent as Y.AbstractType<unknown>;
  }
  return { root: Y.findRootTypeKey(at), key };
}
