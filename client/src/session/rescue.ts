/** What was written and would be lost with its field or note: where it is, and how it is kept. */
import * as Y from 'yjs';
import type { Item, Notice } from '../net/wire/wire';
import { newId } from '../document/ids';

/** What stands in the field of an answer or experiment where the hands are. */
export function writtenTogether(): string {
  const field = document.activeElement;
  return field instanceof HTMLTextAreaElement && 'together' in field.dataset ? field.value : '';
}

/** Whether the hands are in a field of the article under this heading. */
export function isWritingIn(heading: string): boolean {
  const article = document.getElementById(heading)?.closest('article');
  const field = document.activeElement;
  return field instanceof HTMLTextAreaElement && article?.contains(field) === true;
}

/** Somebody deleted what these words were written in; it can be brought back. */
export function deletedNotice(kind: Item['kind'], id: string, texts: readonly string[]): Notice {
  return { id: newId(), code: `${kind}-deleted`, texts, count: 1, item: { kind, id } };
}

/** Somebody ended the writing of these words. */
export function cutNotice(text: string): Notice {
  return { id: newId(), code: 'taken-away', texts: [text], count: 1 };
}

/** The Yjs client that deleted a note, theme or experiment; null while it stands. */
export function removerOf(entry: unknown): number | null {
  if (!(entry instanceof Y.Map) || entry.get('del') !== true) return null;
  return entry._map.get('del')?.id.client ?? null;
}
