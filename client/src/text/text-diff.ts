/** Pure arithmetic of plain text edits: finding them, and carrying positions over others' edits. */

/** Replace `remove` UTF-16 units at `index` with `insert`. */
export interface Splice {
  readonly index: number;
  readonly remove: number;
  readonly insert: string;
}

/** A step of a Y.Text delta on plain text. */
export interface DeltaStep {
  readonly retain?: number;
  readonly insert?: unknown;
  readonly delete?: number;
}

/**
 * The one splice that leads from `before` to `after`. The common suffix starts at the caret, so a
 * doubled letter is inserted where it was typed. Never cuts a surrogate pair: Yjs would send the
 * halves as U+FFFD and copies would differ.
 */
export function spliceAtCaret(before: string, after: string, caret: number): Splice {
  const suffix = commonSuffix(before, after, after.length - caret);
  const prefix = commonPrefix(before, after, Math.min(before.length, after.length) - suffix);
  const start = cutsPair(before, prefix) || cutsPair(after, prefix) ? prefix - 1 : prefix;
  let endBefore = before.length - suffix;
  let endAfter = after.length - suffix;
  if (cutsPair(before, endBefore) || cutsPair(after, endAfter))
    [endBefore, endAfter] = [endBefore + 1, endAfter + 1];
  return { index: start, remove: endBefore - start, insert: after.slice(start, endAfter) };
}

/** True when `index` lies between the halves of a surrogate pair. */
export function cutsPair(text: string, index: number): boolean {
  return isHigh(text.charCodeAt(index - 1)) && isLow(text.charCodeAt(index));
}

/** At most `limit` units of `text`, whole characters only. */
export function cutWhole(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = Math.max(0, limit);
  return text.slice(0, cutsPair(text, end) ? end - 1 : end);
}

/** Lone halves of surrogate pairs become U+FFFD, as Yjs would make them on the wire. */
export function wellFormed(text: string): string {
  return text.replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '\uFFFD',
  );
}

/** Where a caret at `index` stands after `delta`; an insertion right at it leaves it before, as own text follows. */
export function mapCaret(index: number, delta: readonly DeltaStep[]): number {
  let at = 0;
  let mapped = index;
  for (const step of delta) {
    if (at > mapped) break;
    if (step.retain !== undefined) at += step.retain;
    else if (step.delete !== undefined) mapped -= Math.min(step.delete, Math.max(0, mapped - at));
    else if (at < mapped) {
      const length = lengthOf(step);
      mapped += length;
      at += length;
    } else at += lengthOf(step);
  }
  return mapped;
}

/** Where the character at `index` stands after `delta`, or null when it was deleted. */
export function mapCharacter(index: number, delta: readonly DeltaStep[]): number | null {
  let at = 0;
  let mapped = index;
  for (const step of delta) {
    if (at > mapped) break;
    if (step.retain !== undefined) at += step.retain;
    else if (step.delete === undefined) {
      mapped += lengthOf(step);
      at += lengthOf(step);
    } else if (mapped < at + step.delete) return null;
    else mapped -= step.delete;
  }
  return mapped;
}

function lengthOf(step: DeltaStep): number {
  return typeof step.insert === 'string' ? step.insert.length : 1;
}

function commonSuffix(a: string, b: string, most: number): number {
  const limit = Math.min(a.length, b.length, Math.max(0, most));
  let n = 0;
  while (n < limit && a[a.length - 1 - n] === b[b.length - 1 - n]) n += 1;
  return n;
}

function commonPrefix(a: string, b: string, most: number): number {
  let n = 0;
  while (n < most && a[n] === b[n]) n += 1;
  return n;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
