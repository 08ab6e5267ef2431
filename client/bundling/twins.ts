import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const PACKABLE = /\.(js|css)$/;
const TWINS = {
  '.br': (body: Buffer) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  '.gz': (body: Buffer) => promisify(gzip)(body, { level: 9 }),
};

/** Beside each text that is built its smaller twins, which server/web/assets.py sends. */
export function twins(): Plugin {
  return {
    name: 'twins',
    apply: 'build',
    async writeBundle({ dir }, bundle) {
      const files = Object.keys(bundle).filter((name) => PACKABLE.test(name));
      await Promise.all(files.map((name) => writeTwins(join(dir ?? '', name))));
    },
  };
}

async function writeTwins(path: string): Promise<void> {
  const body = await readFile(path);
  for (const [ending, pack] of Object.entries(TWINS)) {
    const packed = await pack(body);
    if (packed.length < body.length) await writeFile(path + ending, packed);
  }
}
