/** Many notes that one person took from others at once: who leads hears of it. */
import * as Y from 'yjs';
import { notesOf } from './schema';

/** So many notes of others vanish without a question, and without a word to who leads. */
export const UNASKED = 5;

export interface Vanished {
  /** Yjs client that deleted them. */
  readonly client: number;
  /** Notes → their authors. */
  readonly authors: ReadonlyMap<string, string | null>;
}

/** Those of these notes that somebody else than `person` wrote; null: nobody knows who did. */
export function othersAmong(authors: Iterable<string | null>, person: string | null): number {
  return [...authors].filter((author) => author === null || author !== person).length;
}

/** `listener` hears what vanished in one change from elsewhere, by whoever did it. */
export function hearVanished(doc: Y.Doc, listener: (vanished: Vanished) => void): () => void {
  const heard = (events: Y.YEvent<Y.AbstractType<unknown>>[], { local }: Y.Transaction) => {
    if (local) return;
    const found = new Map<number, Map<string, string | null>>();
    for (const event of events) file(event, found);
    for (const [client, authors] of found) listener({ client, authors });
  };
  notesOf(doc).observeDeep(heard);
  return () => notesOf(doc).unobserveDeep(heard);
}

function file(
  { target, path, keys }: Y.YEvent<Y.AbstractType<unknown>>,
  found: Map<number, Map<string, string | null>>,
): void {
  const [id] = path;
  if (path.length !== 1 || typeof id !== 'string' || !(target instanceof Y.Map)) return;
  const mark = target._map.get('del');
  if (!keys.has('del') || target.get('del') !== true || !mark) return;
  const author: unknown = target.get('author');
  const { client } = mark.id;
  const authors = found.get(client) ?? new Map<string, string | null>();
  found.set(client, authors.set(id, typeof author === 'string' ? author : null));
}
