import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { chunkOf } from './bundling/chunks.ts';
import { pure } from './bundling/pure.ts';
import { texts } from './bundling/texts.ts';
import { twins } from './bundling/twins.ts';

const i18n = new URL('../server/i18n', import.meta.url).pathname;

// Built into the Python package: the server's pages read static/.vite/manifest.json for hashed names.
export default defineConfig({
  base: '/static/',
  publicDir: false,
  plugins: [texts(), pure(), svelte(), twins()],
  resolve: {
    alias: { $i18n: i18n },
    // In tests too, or Svelte resolves to its server build and runes do nothing.
    ...(process.env['VITEST'] ? { conditions: ['browser'] } : {}),
  },
  build: {
    outDir: '../server/static',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A strict CSP forbids data: styles and scripts; fonts and icons stay files.
    assetsInlineLimit: 0,
    // How long plugins took is noise to whoever runs "make run".
    rolldownOptions: {
      input: 'src/main.ts',
      checks: { pluginTimings: false },
      output: {
        codeSplitting: { groups: [{ name: chunkOf(), includeDependenciesRecursively: false }] },
      },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
