/**
 * Own letters that had lost their place before they arrived: written on this device into something
 * that was taken out of the board, or marked as deleted, meanwhile. Our answer to the server's
 * question holds no deleted text, so the server cannot tell its author of them; we can (rule CN9).
 */
import * as Y from 'yjs';
import { newId } from '../document/ids';
import type { Item, Notice } from './wire/wire';

interface Run {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
}

/** Something that can be brought back, and all that is written in it. */
interface Buried extends Item {
  readonly texts: readonly string[];
}

type Deletable = Y.Map<unknown>;
type Ranges = ReturnType<typeof Y.createDeleteSet>;

const KINDS: Readonly<Record<string, Item['kind']>> = {
  notes: 'note',
  themes: 'theme',
  experiments: 'experiment',
};

/** What people can bring back and in which updates write: notes, themes, experiments. */
export class Inhabited {
  readonly #runs: readonly Run[];
  readonly #own: Ranges;

  constructor(doc: Y.Doc, updates: readonly Uint8Array[]) {
    this.#own = rangesOf(updates);
    this.#runs = updates
      .flatMap(runsOf)
      .filter((run) => !isGone(doc, run) && holderOf(doc, run)?.get('del') !== true);
  }

  /** What they stood in and somebody else has deleted since. */
  lost(doc: Y.Doc): Notice[] {
    return this.#buried(doc).map(noticeOf);
  }

  /** That in which they stand and which somebody else has deleted since. */
  #buried(doc: Y.Doc): Buried[] {
    const holders = this.#runs.map((run) => holderOf(doc, run)).filter((one) => one !== null);
    return [...new Set(holders)].filter((one) => this.#isBuried(one)).flatMap(buriedIn);
  }

  #isBuried(holder: Deletable): boolean {
    const mark = holder._map.get('del');
    if (!mark || holder.get('del') !== true) return false;
    return !Y.isDeleted(this.#own, mark.id);
  }
}

/** Letters that wait here and that somebody else took away meanwhile; each is told once. */
export class Uprooted {
  readonly #told = new Set<string>();

  /** Those among what these updates bring. The server cannot tell: our answer has them without text. */
  lost(doc: Y.Doc, updates: readonly Uint8Array[]): Notice[] {
    const own = Y.mergeDeleteSets(updates.map((update) => Y.decodeUpdate(update).ds));
    const texts = updates
      .flatMap(runsOf)
      .filter((run) => isGone(doc, run) && !Y.isDeleted(own, Y.createID(run.client, run.clock)))
      .filter((run) => this.#isNews(run))
      .map(({ text }) => text);
    const notice = { id: newId(), code: 'note-gone', texts, count: texts.length };
    return texts.length > 0 ? [notice] : [];
  }

  #isNews({ client, clock }: Run): boolean {
    const key = `${client}:${clock}`;
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }
}

function runsOf(update: Uint8Array): Run[] {
  return Y.decodeUpdate(update).structs.flatMap((struct) => {
    if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentString)) return [];
    const { client, clock } = struct.id;
    return [{ client, clock, text: struct.content.str }];
  });
}

/** All that these updates bring, as ranges of ids: what we deleted ourselves needs no telling. */
function rangesOf(updates: readonly Uint8Array[]): Ranges {
  const ranges = Y.createDeleteSet();
  for (const { id, length } of updates.flatMap((update) => Y.decodeUpdate(update).structs)) {
    const found = ranges.clients.get(id.client) ?? [];
    ranges.clients.set(id.client, [...found, { clock: id.clock, len: length }]);
  }
  return Y.mergeDeleteSets([ranges]);
}

/** The note, theme or experiment in a text of which these letters stand; null for anything else. */
function holderOf(doc: Y.Doc, { client, clock, text }: Run): Deletable | null {
  const structs = doc.store.clients.get(client);
  if (!structs || Y.getState(doc.store, client) < clock + text.length) return null;
  const item = structs[Y.findIndexSS(structs, clock)];
  if (!(item instanceof Y.Item) || !(item.parent instanceof Y.Text)) return null;
  const holder = item.parent.parent;
  return holder instanceof Y.Map ? holder : null;
}

function buriedIn(holder: Deletable): Buried[] {
  const [kind, id] = [kindOf(holder), holder._item?.parentSub];
  if (!kind || !id) return [];
  const texts = [...holder.values()].filter((value) => value instanceof Y.Text);
  return [{ kind, id, texts: texts.map(String).filter((text) => text.trim() !== '') }];
}

function noticeOf({ kind, id, texts }: Buried): Notice {
  return { id: newId(), code: `${kind}-deleted`, texts, count: 1, item: { kind, id } };
}

function kindOf({ parent }: Deletable): Item['kind'] | undefined {
  return parent && !parent._item ? KINDS[Y.findRootTypeKey(parent)] : undefined;
}

/** Whether all of its letters are deleted; what the document does not know yet is not. */
function isGone(doc: Y.Doc, { client, clock, text }: Run): boolean {
  const structs = doc.store.clients.get(client);
  if (!structs || Y.getState(doc.store, client) < clock + text.length) return false;
  for (let at = Y.findIndexSS(structs, clock); at < structs.length; at += 1) {
    const struct = structs[at];
    if (!struct || struct.id.clock >= clock + text.length) break;
    if (!struct.deleted) return false;
  }
  return true;
}
