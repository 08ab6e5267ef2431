/** The words in updates, for whoever wrote them and wants them back: no document is needed. */
import * as Y from 'yjs';
import { merged } from './pieces';

interface Letter {
  readonly id: string;
  readonly text: string;
}

/**
 * What these updates write into texts, as it stands when all of them are in; words at places apart
 * are texts by themselves, oldest first. What they delete again is left out, and so are blanks.
 */
export function textsOf(updates: readonly Uint8Array[]): string[] {
  if (updates.length === 0) return [];
  const { structs, ds } = Y.decodeUpdate(merged(updates));
  const texts = new Texts();
  for (const struct of inOrder(structs)) if (struct instanceof Y.Item) texts.add(struct);
  const gone = (id: string) => isDeleted(ds, id);
  return texts.read(gone).filter((text) => text.trim() !== '');
}

/** Whether an update marks something as deleted for the first time. */
export function deletes(update: Uint8Array): boolean {
  return Y.decodeUpdate(update).structs.some(
    (struct) => struct instanceof Y.Item && struct.parentSub === 'del',
  );
}

class Texts {
  readonly #texts: Letter[][] = [];
  readonly #of = new Map<string, Letter[]>();

  add(item: Y.Item): void {
    const { content, id, origin, rightOrigin } = item;
    if (!(content instanceof Y.ContentString)) return;
    const letters = lettersOf(content.str, id);
    const left = origin && this.#of.get(spell(origin));
    const right = rightOrigin && this.#of.get(spell(rightOrigin));
    const text = left ?? right ?? this.#begin();
    const near = left ? spell(origin) : right ? spell(rightOrigin) : null;
    const at = near === null ? 0 : text.findLastIndex((letter) => letter.id === near);
    text.splice(left ? at + 1 : at, 0, ...letters);
    for (const letter of letters) this.#of.set(letter.id, text);
  }

  read(gone: (id: string) => boolean): string[] {
    return this.#texts.map((letters) =>
      letters
        .filter(({ id }) => !gone(id))
        .map(({ text }) => text)
        .join(''),
    );
  }

  #begin(): Letter[] {
    const text: Letter[] = [];
    this.#texts.push(text);
    return text;
  }
}

/** One code point at its clock; the other half of a pair has a clock of its own, and no text. */
function lettersOf(str: string, { client, clock }: Y.ID): Letter[] {
  return [...str].flatMap((text) => {
    const units = Array.from({ length: text.length }, (_, unit) => (unit === 0 ? text : ''));
    return units.map((unit) => ({ id: spell({ client, clock: clock++ }), text: unit }));
  });
}

/** Within each client by clock, so that what a letter stands beside is known before it. */
function inOrder<T extends { readonly id: Y.ID }>(structs: readonly T[]): T[] {
  return [...structs].sort((a, b) => a.id.client - b.id.client || a.id.clock - b.id.clock);
}

function isDeleted({ clients }: ReturnType<typeof Y.decodeUpdate>['ds'], id: string): boolean {
  const [client, clock] = id.split(' ').map(Number) as [number, number];
  const ranges = clients.get(client) ?? [];
  return ranges.some((range) => range.clock <= clock && clock < range.clock + range.len);
}

function spell({ client, clock }: Y.ID): string {
  return `${client} ${clock}`;
}
