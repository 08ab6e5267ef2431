import { fileURLToPath } from 'node:url';
import type { Rolldown } from 'vite';

type Context = Pick<Rolldown.PluginContext, 'getModuleInfo'>;

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
const ENTRY = source('main.ts');
const DOOR = source('pages/workshop/WorkshopDoor.svelte');

/**
 * Which chunk a module is put into: all that every board needs in one, so that it comes in one
 * round trip; left to itself the bundler makes a dozen small ones. Null: the bundler's choice.
 */
export function boardChunk(): Rolldown.CodeSplittingNameFunction {
  let [first, board]: Set<string>[] = [];
  return (id, context) => {
    first ??= needed(ENTRY, context);
    board ??= needed(DOOR, context);
    return board.has(id) && !first.has(id) ? 'board' : null;
  };
}

/** A module and all that it imports at once. */
function needed(start: string, context: Context): Set<string> {
  const found = new Set<string>([start]);
  for (const id of found) {
    for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  }
  return found;
}
