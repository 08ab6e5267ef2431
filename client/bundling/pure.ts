import type { Plugin } from 'vite';

const LIB0 = /\/node_modules\/lib0\/[\w.-]+\.js$/;
const CALLED = /^((?:export )?const [\w$]+ = )(?=(?:new )?[\w$.]+\()/gm;

/**
 * Constants of lib0 that are made by a call are made for nobody but their readers; the bundler is
 * told so. Else its schemas and its ways to log come along for a warning that Yjs may print.
 */
export function pure(): Plugin {
  return {
    name: 'pure',
    enforce: 'pre',
    apply: 'build',
    transform: {
      filter: { id: LIB0 },
      handler: (code) => ({ code: code.replace(CALLED, '$1/*#__PURE__*/ '), map: null }),
    },
  };
}
