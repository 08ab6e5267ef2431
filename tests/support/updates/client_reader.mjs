// The client's own readers in Node, as they are in its sources: a line of JSON in, a line out.
// Run by tests/support/updates/client_reader.py.
//
//   board {board, edits, update}   a board that has these edits, and one that has this update
//                                  (base64): how the client reads either, the first as an update
//   desk {edits, update}           the same of a desk

import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const client = new URL('../../../client/', import.meta.url);
const need = createRequire(new URL('package.json', client));
const { runnerImport } = await import(pathToFileURL(need.resolve('vite')).href);
const source = (path) =>
  runnerImport(new URL(`src/${path}`, client).pathname, {
    root: client.pathname,
    configFile: false,
    logLevel: 'error',
  }).then(({ module }) => module);
const COMMANDS = {
  board: (await source('document/tests/reader.ts')).ask,
  desk: (await source('workshop/tests/desk-reader.ts')).ask,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...question } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(COMMANDS[command](question))}\n`);
}
