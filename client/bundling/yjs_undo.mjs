// Mends the undo of Yjs where npm has put it, for the build and for tests alike; run after npm ci.
//
// Undo that brings a text back with its letters looks up the left and the right neighbour of each
// apart from each other, and what it finds can stand the wrong way round, or be one and the same
// (yjs/yjs#794, open). Where such a letter goes depends on what came first, and the server refuses
// it (rule IN19). The right neighbour is here the one beside the left: the same wherever Yjs is
// right.

import { readFileSync, writeFileSync } from 'node:fs';

const BEFORE = `  const nextClock = getState(store, ownClientID);
  const nextId = createID(ownClientID, nextClock);
  const redoneItem = new Item(`;
const MEND = `  if (item.parentSub === null) right = left === null ? parentType._start : left.right;
`;

for (const name of ['yjs.cjs', 'yjs.mjs']) {
  const path = new URL(`../node_modules/yjs/dist/${name}`, import.meta.url);
  const code = readFileSync(path, 'utf8');
  const parts = code.split(BEFORE);
  if (parts.length !== 2) throw new Error(`${name}: undo has changed; is yjs/yjs#794 mended?`);
  if (!code.includes(MEND)) writeFileSync(path, parts.join(MEND + BEFORE));
}
