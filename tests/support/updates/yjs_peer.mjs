// Stock Yjs for the byte-level tests: one JSON question on stdin, one JSON answer on stdout.
// Run by tests/support/updates/yjs.py. Bytes travel as base64; equal seeds give equal answers.
//
//   histories {seed, rounds}     people work on one board, on and off line → every update they sent
//   gaps      {seed, rounds}     the same updates, late and out of order → does Yjs wait for more?
//   decode    {updates}          what Yjs reads in each update
//   answer    {log, question}    what a Y.Doc with this log answers to another's state vector
//   replay    {logs, roots}      what a Y.Doc shows after each log
//   vectors   {}                 the content of tests/vectors/{wire,inspector}.json

import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

const need = createRequire(new URL('../../../client/package.json', import.meta.url));
const Y = need('yjs');
const sync = need('y-protocols/sync');
const auth = need('y-protocols/auth');
const awareness = need('y-protocols/awareness');
const encoding = need('lib0/encoding');

const BOARD = 'b'.repeat(20);
const ROOTS = ['notes', 'themes', 'links', 'votes', 'answers', 'experiments', `layout/${BOARD}`];
const ZONES = ['challenges', 'inspirations', 'customers/from', 'customers/to'];
const COLORS = ['yellow', 'green', 'blue', 'pink', 'orange', 'violet'];
const WORDS = ['työ', 'möte', 'idea', '🌲', '👩‍👩‍👧', ' ', 'asiakas', 'x', '\n', 'é', '漢字', 'ok'];

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

/** A random source with a seed (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    below,
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)],
    id: () =>
      Array.from({ length: 20 }, () => 'abcdefghijklmnopqrstuvwxyz234567'[below(32)]).join(''),
  };
}

/** One person's browser: a document, an undo manager, and perhaps a connection. */
class Person {
  constructor(roll, board, name) {
    this.roll = roll;
    this.board = board;
    this.name = name;
    this.doc = new Y.Doc({ gc: roll.chance(0.8) });
    this.doc.clientID = roll.below(2 ** 32);
    this.online = true;
    this.outbox = [];
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(board.doc), 'server');
    const scope = [this.map('notes'), this.map(`layout/${BOARD}`)];
    this.undo = new Y.UndoManager(scope, { captureTimeout: roll.chance(0.8) ? 0 : 10_000 });
    this.doc.on('update', (update, origin) => {
      if (origin !== 'server' && this.online) this.outbox.push(update);
    });
  }

  map(name) {
    return this.doc.getMap(name);
  }

  anyKey(name) {
    const keys = [...this.map(name).keys()];
    return keys.length ? this.roll.pick(keys) : null;
  }

  act() {
    this.doc.transact(() => this.roll.pick(ACTIONS)(this, this.roll));
  }

  /** Yjs 13.6.33 may throw over a collected item (redoItem); its transaction ends all the same. */
  undoOrRedo() {
    try {
      if (this.roll.chance(0.6)) this.undo.undo();
      else this.undo.redo();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Live updates go out one by one, or merged as some providers do. */
  send() {
    const updates = this.outbox.splice(0);
    if (updates.length > 1 && this.roll.chance(0.3)) {
      this.board.receive('merged', this, Y.mergeUpdates(updates));
    } else {
      for (const update of updates) this.board.receive('live', this, update);
    }
  }

  reconnect() {
    this.online = true;
    const known = Y.encodeStateVector(this.board.doc);
    const lacking = Y.encodeStateVector(this.doc);
    this.board.receive('step2', this, Y.encodeStateAsUpdate(this.doc, known));
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(this.board.doc, lacking), 'server');
  }
}

function someText(roll, longest = 6) {
  return Array.from({ length: 1 + roll.below(longest) }, () => roll.pick(WORDS)).join('');
}

/** A place in a text, never between the halves of one character. */
function place(text, roll) {
  const at = roll.below(text.length + 1);
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 ? at + 1 : at;
}

function editText(text, roll) {
  if (!(text instanceof Y.Text)) return;
  const shown = text.toString();
  const [at, end] = [place(shown, roll), place(shown, roll)].sort((a, b) => a - b);
  if (roll.chance(0.3))
    text.delete(at, roll.chance(0.2) ? end - at : end > at ? whole(shown, at) : 0);
  else if (roll.chance(0.02)) text.insert(at, someText(roll, 2000));
  else text.insert(at, someText(roll));
}

/** Length of the character at `at`. */
function whole(text, at) {
  return text.codePointAt(at) > 0xffff ? 2 : 1;
}

function addNote(person, roll) {
  const id = roll.id();
  const note = new Y.Map();
  note.set('text', new Y.Text(roll.chance(0.8) ? someText(roll) : ''));
  note.set('zone', roll.pick(ZONES));
  note.set('color', roll.pick(COLORS));
  note.set('at', 1_765_000_000_000 + roll.below(1e9));
  if (roll.chance(0.8)) note.set('author', person.name);
  person.map('notes').set(id, note);
  if (roll.chance(0.8)) move(person, id, roll);
}

function move(person, id, roll) {
  person
    .map(`layout/${BOARD}`)
    .set(id, [roll.below(4000) - 400, roll.below(4000) + roll.below(2) / 2]);
}

const onNote = (change) => (person, roll) => {
  const id = person.anyKey('notes');
  const note = id === null ? null : person.map('notes').get(id);
  if (note instanceof Y.Map) change(person, roll, id, note);
};

const ACTIONS = [
  addNote,
  ...Array(6).fill(onNote((person, roll, id, note) => editText(note.get('text'), roll))),
  ...Array(4).fill(onNote((person, roll, id) => move(person, id, roll))),
  onNote((person, roll, id, note) => note.set('color', roll.pick(COLORS))),
  onNote((person, roll, id, note) => {
    note.set('zone', roll.pick(ZONES));
    move(person, id, roll);
  }),
  onNote((person, roll, id, note) => note.set('del', true)),
  onNote((person, roll, id, note) => note.delete('del')),
  onNote((person, roll, id) => roll.chance(0.3) && person.map('notes').delete(id)),
  onNote((person, roll, id) => person.map(`layout/${BOARD}`).delete(id)),
  onNote((person, roll, id) => person.map('votes').set(`${id}/${person.name}`, roll.below(4))),
  onNote((person, roll, id, note) => note.set('theme', roll.chance(0.5) ? roll.id() : null)),
  (person, roll) => {
    for (const id of person.map('notes').keys()) if (roll.chance(0.3)) move(person, id, roll);
  },
  (person, roll) => {
    const theme = new Y.Map();
    theme.set('name', new Y.Text(someText(roll)));
    theme.set('zone', roll.pick(ZONES));
    person.map('themes').set(roll.id(), theme);
  },
  (person, roll) => {
    const theme = person.map('themes').get(person.anyKey('themes'));
    if (theme) editText(theme.get('name'), roll);
  },
  (person, roll) =>
    person.map('links').set(roll.id(), { from: roll.id(), to: roll.id(), kind: 'leads to' }),
  (person, roll) => editText(person.map('answers').get('question'), roll),
  (person, roll) => {
    const plan = person.map('experiments');
    const id = person.anyKey('experiments') ?? roll.id();
    if (!plan.has(id)) plan.set(id, new Y.Map([['title', '']]));
    plan.get(id).set(roll.pick(['title', 'owner', 'start', 'end']), someText(roll));
  },
];

/** The server's side: one document, and a record of all that was sent to it. */
class Board {
  constructor(roll) {
    this.roll = roll;
    this.people = [];
    this.sent = [];
    this.doc = new Y.Doc();
    this.doc.clientID = roll.below(2 ** 32);
    this.doc.getMap('answers').set('question', new Y.Text());
    this.start = Y.encodeStateAsUpdate(this.doc);
  }

  join() {
    this.people.push(new Person(this.roll, this, `person${this.people.length}`));
  }

  receive(kind, author, update) {
    const stateVector = base64(Y.encodeStateVector(this.doc));
    this.sent.push({ kind, update: base64(update), stateVector });
    Y.applyUpdate(this.doc, update, 'client');
    if (this.doc.store.pendingStructs || this.doc.store.pendingDs) throw new Error('gap');
    for (const person of this.people) {
      if (person !== author && person.online) Y.applyUpdate(person.doc, update, 'server');
    }
  }
}

function play(seed, rounds) {
  const roll = dice(seed);
  const board = new Board(roll);
  for (let i = 0; i < 3; i++) board.join();
  for (let round = 0; round < rounds; round++) {
    const person = roll.pick(board.people);
    if (roll.chance(0.12)) person.undoOrRedo();
    else if (roll.chance(0.02) && board.people.length < 12) board.join();
    else if (person.online && roll.chance(0.06)) {
      person.send();
      person.online = false;
    } else if (!person.online && roll.chance(0.2)) person.reconnect();
    else person.act();
    if (person.online && roll.chance(0.7)) person.send();
  }
  for (const person of board.people) person.online ? person.send() : person.reconnect();
  return board;
}

function histories({ seed, rounds }) {
  const board = play(seed, rounds);
  for (const person of board.people) {
    // What a copy with a long history gives to a server that has lost everything.
    board.sent.push({
      kind: 'whole',
      update: base64(Y.encodeStateAsUpdate(person.doc)),
      stateVector: 'AA==',
    });
  }
  return { roots: ROOTS, start: base64(board.start), sent: board.sent, shown: shown(board.doc) };
}

/** Offers updates late, twice and out of order; one that Yjs would park is offered again. */
function gaps({ seed, rounds }) {
  const roll = dice(seed);
  const offered = [];
  const board = play(seed, rounds);
  const waiting = board.sent.map((each) => bytes(each.update));
  let doc = new Y.Doc();
  Y.applyUpdate(doc, board.start);
  const recent = [];
  for (let next = 0; next < waiting.length || recent.length > 8;) {
    while (recent.length < 12 && next < waiting.length) recent.push(waiting[next++]);
    const at = roll.chance(0.5) ? 0 : roll.below(recent.length);
    const update = recent[at];
    const trial = new Y.Doc();
    Y.applyUpdate(trial, Y.encodeStateAsUpdate(doc));
    const stateVector = base64(Y.encodeStateVector(doc));
    Y.applyUpdate(trial, update);
    const waits = Boolean(trial.store.pendingStructs || trial.store.pendingDs);
    offered.push({ update: base64(update), stateVector, waits });
    if (waits) continue;
    doc = trial;
    if (roll.chance(0.9)) recent.splice(at, 1);
  }
  return { roots: ROOTS, offered };
}

/** What Yjs reads in an update, in the words of server/sync/inspection/report.py. */
function read(update) {
  const { structs, ds } = Y.decodeUpdate(update);
  const ranges = {};
  const dependencies = {};
  const skips = {};
  const deleted = {};
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    ranges[client] = [ranges[client]?.[0] ?? clock, end];
    if (struct instanceof Y.Skip) skips[client] = end;
    const parent = struct.parent instanceof Y.ID ? struct.parent : null;
    for (const id of [struct.origin, struct.rightOrigin, parent]) {
      if (id && id.client !== client)
        dependencies[id.client] = Math.max(dependencies[id.client] ?? 0, id.clock + 1);
    }
  }
  for (const [client, items] of ds.clients)
    deleted[client] = Math.max(...items.map((item) => item.clock + item.len));
  return { ranges, dependencies, skips, deleted, structs: structs.length };
}

function shown(doc, roots = ROOTS) {
  return Object.fromEntries(roots.map((name) => [name, doc.getMap(name).toJSON()]));
}

function replay({ logs, roots }) {
  return logs.map((log) => {
    const doc = new Y.Doc();
    for (const update of log) Y.applyUpdate(doc, bytes(update));
    const waits = Boolean(doc.store.pendingStructs || doc.store.pendingDs);
    return { shown: shown(doc, roots), stateVector: base64(Y.encodeStateVector(doc)), waits };
  });
}

function answerOf({ log, question }) {
  const doc = new Y.Doc();
  for (const update of log) Y.applyUpdate(doc, bytes(update));
  return {
    update: base64(Y.encodeStateAsUpdate(doc, bytes(question))),
    stateVector: base64(Y.encodeStateVector(doc)),
  };
}

function message(kind, write) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind);
  write(encoder);
  return base64(encoding.toUint8Array(encoder));
}

function wireVectors(board) {
  const present = new awareness.Awareness(board.doc);
  present.setLocalState({ user: { name: 'Koivu 🌲' }, cursor: [1, 2] });
  const others = [...present.states.keys()];
  const update = awareness.encodeAwarenessUpdate(present, others);
  present.setLocalState(null);
  const left = awareness.encodeAwarenessUpdate(present, others);
  present.destroy();
  const edit = bytes(board.sent[0].update);
  return {
    client: board.doc.clientID,
    stateVector: base64(Y.encodeStateVector(board.doc)),
    clocks: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(board.doc))),
    edit: base64(edit),
    step1: message(0, (encoder) => sync.writeSyncStep1(encoder, board.doc)),
    step2: message(0, (encoder) => sync.writeSyncStep2(encoder, board.doc)),
    whole: base64(Y.encodeStateAsUpdate(board.doc)),
    update: message(0, (encoder) => sync.writeUpdate(encoder, edit)),
    awareness: message(1, (encoder) => encoding.writeVarUint8Array(encoder, update)),
    left: message(1, (encoder) => encoding.writeVarUint8Array(encoder, left)),
    query: message(3, () => {}),
    denied: message(2, (encoder) => auth.writePermissionDenied(encoder, 'no')),
    numbers: [0, 1, 127, 128, 16383, 16384, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1].map((number) => {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, number);
      return [number, base64(encoding.toUint8Array(encoder))];
    }),
  };
}

function vectors() {
  const board = play(7, 160);
  const updates = board.sent.map(({ kind, update }) => ({
    kind,
    update,
    read: read(bytes(update)),
  }));
  return { wire: wireVectors(board), inspector: { roots: ROOTS, updates } };
}

const COMMANDS = {
  histories,
  gaps,
  answer: answerOf,
  replay,
  vectors,
  decode: ({ updates }) => updates.map((update) => read(bytes(update))),
};

const question = JSON.parse(readFileSync(0, 'utf8'));
const answer = Buffer.from(JSON.stringify(COMMANDS[question.command](question)));
for (let at = 0; at < answer.length;) {
  try {
    at += writeSync(1, answer, at);
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error;
  }
}
process.exit(0);
