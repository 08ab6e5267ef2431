/** Where a step of undo begins while one types: with each word, and wherever the hand goes elsewhere. */
import type { Splice } from '../text/text-diff';

export interface Typed {
  readonly deletes: boolean;
  /** Where the caret stood after it. */
  readonly end: number;
  /** Its step has more than white space by now. */
  readonly inked: boolean;
}

/** What an edit was, for the next one; `last`: the one before it in the same step. */
export function typedBy({ index, insert }: Splice, last: Typed | null): Typed {
  const inked = /\S/.test(insert) || (last?.inked ?? false);
  return { deletes: insert === '', end: index + insert.length, inked };
}

/** Whether an edit of `before` is undone by itself, and not together with `last`. */
export function beginsStep(before: string, splice: Splice, last: Typed | null): boolean {
  const { index, remove, insert } = splice;
  const deletes = insert === '';
  // Pasted, composed or corrected: a piece of its own.
  if (last === null || insert.length > 1 || (remove > 0 && !deletes)) return true;
  if (deletes !== last.deletes) return true;
  if (deletes) {
    const goesOn = index + remove === last.end || index === last.end;
    return !goesOn || /\s/.test(before.slice(index, index + remove));
  }
  const newWord = last.inked && /\S/.test(insert) && /\s$/.test(before.slice(0, index));
  return index !== last.end || newWord;
}
