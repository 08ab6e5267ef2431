import type { Rolldown } from 'vite';
import { source, STARTS } from './sources.ts';

type Context = Pick<Rolldown.PluginContext, 'getModuleInfo'>;

/**
 * Which chunk a module is put into: all that every board needs in one, so that it comes in one
 * round trip; left to itself the bundler makes a dozen small ones. Null: the bundler's choice.
 */
export function chunkOf(): Rolldown.CodeSplittingNameFunction {
  let chunks: [string, Set<string>][] | undefined;
  return (id, context) => {
    if (STARTS.main.some((path) => source(path) === id)) return null; // the entry is one already
    if (id.endsWith('rolldown/runtime.js')) return 'main';
    chunks ??= planned(context);
    return chunks.find(([, modules]) => modules.has(id))?.[0] ?? null;
  };
}

/** The modules of each chunk, from what comes first; a module is in the first that has it. */
function planned(context: Context): [string, Set<string>][] {
  const of = (paths: readonly string[]) => needed(paths, context);
  const [main, board] = [of(STARTS.main), of(STARTS.board)];
  const asked = { canvas: of(STARTS.canvas), list: of(STARTS.list), later: of(STARTS.later) };
  // What two of them share comes before both, or one would need the other.
  const sets = Object.values(asked);
  for (const id of sets.flatMap((some) => [...some])) {
    if (sets.filter((some) => some.has(id)).length > 1) board.add(id);
  }
  for (const id of of(STARTS.start)) {
    if ([board, ...sets].some((some) => some.has(id))) main.add(id);
  }
  // What the tools share with the canvas stays there, for nobody has them without it.
  return [['main', main], ['board', board], ...Object.entries(asked), ['tools', of(STARTS.tools)]];
}

/** Some modules and all that they import at once. */
function needed(paths: readonly string[], context: Context): Set<string> {
  const found = new Set(paths.map(source));
  for (const id of found) {
    for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  }
  return found;
}
