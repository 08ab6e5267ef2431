// A program of somebody else's: stock `yjs` and a stock `y-websocket` provider, nothing of ours.
// node y_websocket_peer.mjs WS_URL BOARD TOKEN
// A line on stdin, {"note": id, "text": "…"}, is appended to that note; what the board holds is told
// on stdout, a line of JSON for each change.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const need = createRequire(new URL('../../client/package.json', import.meta.url));
const Y = need('yjs');
const { WebsocketProvider } = need('y-websocket');
const [url, board, token] = process.argv.slice(2);

const doc = new Y.Doc();
const notes = doc.getMap('notes');
const provider = new WebsocketProvider(`${url}/sync`, board, doc, {
  params: { token },
  WebSocketPolyfill: need('ws'),
  disableBc: true,
});
provider.awareness.setLocalState({ cursor: { zone: 'challenges', x: 50, y: 60 } });

function tell() {
  const texts = {};
  for (const [id, note] of notes) if (!note.get('del')) texts[id] = note.get('text').toString();
  const people = [...provider.awareness.getStates().values()].flatMap(({ user }) => user?.name ?? []);
  process.stdout.write(`${JSON.stringify({ synced: provider.synced, texts, people })}\n`);
}

provider.on('sync', tell);
provider.on('connection-close', (event) => console.error('closed', event?.code, event?.reason));
provider.on('connection-error', (event) => console.error('error', event?.message));
provider.awareness.on('change', tell);
notes.observeDeep(tell);

for await (const line of createInterface({ input: process.stdin })) {
  const { note, text } = JSON.parse(line);
  const target = notes.get(note).get('text');
  target.insert(target.length, text);
}
provider.destroy();
