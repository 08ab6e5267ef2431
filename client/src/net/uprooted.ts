/**
 * Own letters that had lost their place before they arrived: written on this device into something
 * that was taken out of the board meanwhile. Our answer to the server's question holds no deleted
 * text, so the server cannot tell its author of them; we can (rule CN9).
 */
import * as Y from 'yjs';

interface Run {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
}

/** The texts that updates bring and that stand in the document now. */
export class Standing {
  readonly #runs: readonly Run[];

  constructor(doc: Y.Doc, updates: readonly Uint8Array[]) {
    this.#runs = updates.flatMap(runsOf).filter((run) => !isGone(doc, run));
  }

  /** Those that have gone since. */
  gone(doc: Y.Doc): string[] {
    return this.#runs.filter((run) => isGone(doc, run)).map(({ text }) => text);
  }
}

function runsOf(update: Uint8Array): Run[] {
  return Y.decodeUpdate(update).structs.flatMap((struct) => {
    if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentString)) return [];
    const { client, clock } = struct.id;
    return [{ client, clock, text: struct.content.str }];
  });
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
