import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// Browsers give these only to pages of https and localhost; a room's laptop serves plain http.
const SECURE_CONTEXT = {
  anywhere: ['randomUUID', 'subtle', 'serviceWorker', 'wakeLock', 'cookieStore', 'caches'],
  navigator: [
    'clipboard',
    'credentials',
    'geolocation',
    'gpu',
    'locks',
    'mediaDevices',
    'permissions',
    'share',
    'storage',
    'userAgentData',
  ],
  globals: ['caches', 'cookieStore', 'Notification', 'SharedArrayBuffer', 'crossOriginIsolated'],
};
const WHY = 'Does not exist on plain http: give it a fallback, and say so in a comment that lifts this.';

export default ts.config(
  { ignores: ['node_modules/', '*.config.js', 'vite.config.ts'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      // State here is raw and replaced, never mutated in place: fine-grained by NoteItem instead.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-restricted-properties': [
        'error',
        ...SECURE_CONTEXT.anywhere.map((property) => ({ property, message: WHY })),
        ...SECURE_CONTEXT.navigator.map((property) => ({
          object: 'navigator',
          property,
          message: WHY,
        })),
      ],
      'no-restricted-globals': [
        'error',
        ...SECURE_CONTEXT.globals.map((name) => ({ name, message: WHY })),
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
);
