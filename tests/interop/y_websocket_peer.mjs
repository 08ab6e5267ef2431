// A stock y-websocket provider with stock Yjs, as any program outside of Hahmo would use them.
//
//   node y_websocket_peer.mjs SERVER BOARD TOKEN
//
// Takes one JSON command a line on stdin and prints one line of state after whatever changes:
// {synced, closed, notes: {id: {text, zone, author, group}}, people: [names]}.
//
//   {do: "add", id, zone, text}    a new note
//   {do: "insert", id, at, text}   letters into a note; `at` counts from the end if it is negative
//   {do: "show", state}            presence, for others to see
//   {do: "leave"}

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// One copy of Yjs for all, from the packages of the client.
const need = createRequire(new URL('../../client/package.json', import.meta.url));
const Y = need('yjs');
const { WebsocketProvider } = need('y-websocket');
const { WebSocket } = need('ws');

const [server, board, token] = process.argv.slice(2);
const doc = new Y.Doc();
const notes = doc.getMap('notes');
const provider = new WebsocketProvider(`${server}/sync`, board, doc, {
  params: { token },
  WebSocketPolyfill: WebSocket,
  disableBc: true,
});
let closed = null;

function say() {
  const people = [...provider.awareness.getStates()]
    .filter(([client]) => client !== doc.clientID)
    .flatMap(([, state]) => state.user?.name ?? []);
  const shown = {};
  for (const [id, note] of notes) {
    if (note.get('del')) continue;
    const [text, zone, author] = ['text', 'zone', 'author'].map((key) => note.get(key));
    shown[id] = { text: text.toString(), zone, author: author ?? null };
  }
  console.log(JSON.stringify({ synced: provider.synced, closed, notes: shown, people }));
}

const verbs = {
  add({ id, zone, text }) {
    const note = new Y.Map();
    note.set('text', new Y.Text(text));
    note.set('zone', zone);
    note.set('color', 'green');
    note.set('at', Date.now());
    notes.set(id, note);
  },
  insert({ id, at, text }) {
    const whole = notes.get(id).get('text');
    whole.insert(at < 0 ? whole.length + 1 + at : at, text);
  },
  show({ state }) {
    provider.awareness.setLocalState(state);
  },
  leave() {
    provider.destroy();
    process.exit(0);
  },
};

doc.on('update', say);
provider.awareness.on('change', say);
provider.on('sync', say);
provider.on('status', say);
provider.on('closed', ({ code, reason }) => {
  closed = { code, reason };
  say();
});
createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line);
  doc.transact(() => verbs[command.do](command));
});
