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
    chunks ??= planned(context);
    return chunks.find(([, modules]) => modules.has(id))?.[0] ?? null;
  };
}

/** The modules of each chunk, from what comes first; a module is in the first that has it. */
function planned(context: Context): [string, Set<string>][] {
  const { start, ...rest } = STARTS;
  const chunks = Object.entries(rest).map(
    ([name, paths]) => [name, needed(paths, context)] as const,
  );
  const [main, ...others] = chunks.map(([, modules]) => modules);
  // What the start page shares with others comes with the entry, or it would need a board.
  for (const id of needed(start, context)) {
    if (others.some((modules) => modules.has(id))) main?.add(id);
  }
  return chunks.map(([name, modules]) => [name, modules]);
}

/** Some modules and all that they import at once. */
function needed(paths: readonly string[], context: Context): Set<string> {
  const found = new Set(paths.map(source));
  for (const id of found) {
    for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  }
  return found;
}
