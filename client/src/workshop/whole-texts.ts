/**
 * A page brings the workbook's texts in its reader's language alone; the other languages come when
 * one is chosen, and are put into the very values that the open board already shows.
 */
import { isLanguage } from '../i18n/texts';

/**
 * Give the texts in `some` the languages that `whole` has besides. False, and nothing is changed,
 * where they are not the same but for that.
 */
export function completed(some: unknown, whole: unknown): boolean {
  const same = agree(some, whole);
  if (same) fill(some, whole);
  return same;
}

function agree(some: unknown, whole: unknown): boolean {
  if (!isTree(some) || !isTree(whole)) return some === whole;
  const [left, right] = [Object.keys(some), Object.keys(whole)];
  if (!isText(some) && left.length !== right.length) return false;
  return left.every((key) => key in whole && agree(some[key], whole[key]));
}

function fill(some: unknown, whole: unknown): void {
  if (!isTree(some) || !isTree(whole)) return;
  if (isText(some)) Object.assign(some, whole);
  else for (const [key, part] of Object.entries(some)) fill(part, whole[key]);
}

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

function isText(tree: Tree): boolean {
  const keys = Object.keys(tree);
  return keys.length > 0 && keys.every(isLanguage);
}
