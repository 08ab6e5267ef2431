// Copies the fonts of document exports from the client's packages into server/exports/fonts/.
// Typst reads TrueType files only, and a web page woff2: the same typeface comes in both.
// Quick and safe to run again: a file that is there already, with the same size, is left alone.
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, 'client', 'node_modules', '@expo-google-fonts');
const target = join(root, 'server', 'exports', 'fonts');

/** Package → its fonts; the first is the text face, the others step in where it has no glyph. */
const FONTS = {
  'atkinson-hyperlegible-next': ['400Regular', '600SemiBold', '700Bold'],
  'noto-sans': ['400Regular', '700Bold'],
  'noto-sans-arabic': ['400Regular', '700Bold'],
  'noto-sans-hebrew': ['400Regular', '700Bold'],
  'noto-emoji': ['400Regular', '700Bold'],
};

/** Every file to copy, as [from, name]: the fonts of a package and its licence. */
function wanted() {
  return Object.entries(FONTS).flatMap(([name, cuts]) => [
    ...cuts.map((cut) => {
      const folder = join(packages, name, cut);
      const file = readdirSync(folder).find((entry) => entry.endsWith('.ttf'));
      if (!file) throw new Error(`no .ttf in ${folder}`);
      return [join(folder, file), file];
    }),
    [join(packages, name, 'LICENSE_FONT'), `LICENSE-${name}.txt`],
  ]);
}

function isCopied(from, to) {
  return existsSync(to) && statSync(to).size === statSync(from).size;
}

if (!existsSync(packages)) {
  console.error('The fonts come with the client: run `npm ci` in client/ first.');
  process.exit(1);
}
mkdirSync(target, { recursive: true });
const files = wanted();
const fresh = files.filter(([from, name]) => !isCopied(from, join(target, name)));
for (const [from, name] of fresh) copyFileSync(from, join(target, name));
const names = new Set(files.map(([, name]) => name));
for (const stray of readdirSync(target).filter((name) => !names.has(name))) {
  rmSync(join(target, stray), { recursive: true }); // of an older version of this list
}
console.log(`fonts: ${fresh.length} copied, ${files.length} in place`);
