import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { everyModule, STARTS, withImports } from './sources.ts';

type Catalogue = Readonly<Record<string, string>>;

const PART = /\/i18n\/\w+\.json\?(first|later)$/;
const QUOTED = /(['"`])([\w-]+(?:\.[\w-]*)*)(\$\{|\1)/g;
const ERROR = /^error\.([\w-]+)\./;
const FINNISH = join(import.meta.dirname, '../../server/i18n/fi.json');

/** How a catalogue is cut; keys in neither are the server's alone. */
export interface Cut {
  first: ReadonlySet<string>;
  later: ReadonlySet<string>;
}

/**
 * Read from the sources which texts a newcomer's first board may show: those that its modules name,
 * in full or by their beginning (`note.color.${color}`), and errors whose code they name.
 */
export function cutTexts(): Cut {
  const keys = Object.keys(JSON.parse(readFileSync(FINNISH, 'utf-8')) as Catalogue);
  const begin = namedIn(
    withImports([...STARTS.main, ...STARTS.board, ...STARTS.canvas, ...STARTS.list]),
  );
  const all = namedIn(everyModule());
  const first = keys.filter((key) => begin.names(key));
  const rest = keys.filter((key) => !first.includes(key) && all.spaces.has(spaceOf(key)));
  return { first: new Set(first), later: new Set(rest) };
}

const spaceOf = (key: string): string => key.slice(0, key.indexOf('.'));

interface Named {
  names: (key: string) => boolean;
  /** The first words of keys. */
  spaces: ReadonlySet<string>;
}

function namedIn(paths: Iterable<string>): Named {
  const [whole, beginnings] = [new Set<string>(), new Set<string>()];
  for (const path of paths) {
    for (const [, , text = '', end] of readFileSync(path, 'utf-8').matchAll(QUOTED)) {
      (end === '${' ? beginnings : whole).add(text);
    }
  }
  beginnings.delete('error.'); // of any code
  const starts = [...beginnings].filter((text) => text.includes('.'));
  const names = (key: string): boolean => {
    const code = ERROR.exec(key)?.[1];
    if (code !== undefined && whole.has(code)) return true;
    const plain = key.replace(/\.(one|other)$/, '');
    return whole.has(key) || whole.has(plain) || starts.some((text) => key.startsWith(text));
  };
  const spaces = new Set(
    [...whole, ...beginnings].filter((text) => text.includes('.')).map(spaceOf),
  );
  return { names, spaces: spaces.add('error') };
}

/** `fi.json?first` is what a newcomer's first board needs of a catalogue, `fi.json?later` the rest. */
export function texts(): Plugin {
  let cut: Cut | undefined;
  return {
    name: 'texts',
    enforce: 'pre',
    buildStart() {
      cut = undefined; // built anew while somebody edits: names may have come or gone
    },
    async load(id) {
      const part = PART.exec(id)?.[1] as keyof Cut | undefined;
      if (part === undefined) return null;
      const wanted = (cut ??= cutTexts())[part];
      const path = id.slice(0, id.indexOf('?'));
      this.addWatchFile(path);
      const all = Object.entries(JSON.parse(await readFile(path, 'utf-8')) as Catalogue);
      const some = Object.fromEntries(all.filter(([key]) => wanted.has(key)));
      return { code: `export default ${JSON.stringify(some)}`, moduleType: 'js' };
    },
  };
}
