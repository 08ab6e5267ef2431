/** What the provider brings, keeps and calls saved, over real sockets (rules CN7, CN8, RM13). */
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { ExperimentEdits, experimentsOf } from '../../document/experiments';
import { NoteEdits } from '../../document/edits';
import { notesOf, textOf } from '../../document/schema';
import { Undo } from '../../document/undo';
import { BrowserOutbox } from '../outbox/outbox';
import { Provider } from '../provider';
import { Shelf } from '../outbox/shelf';
import { TestServer } from './test-server';
import type { Notice } from '../wire/wire';

// Tests resolve packages as browsers do, and this one has nothing for browsers.
const ws = createRequire(import.meta.url)('ws') as typeof import('ws');

const ADDRESS = { board: 'board', lineage: 'l', person: 'p' };
let server: TestServer;
let shelf: Shelf;
const providers: Provider[] = [];

beforeEach(async () => {
  server = await TestServer.start(ws.WebSocketServer);
  shelf = new Shelf();
  vi.stubGlobal('WebSocket', ws.WebSocket);
  vi.stubGlobal('location', new URL(server.url));
});

afterEach(async () => {
  for (const provider of providers.splice(0)) provider.destroy();
  await server.stop();
  vi.unstubAllGlobals();
});

/** A browser at the board; all share what the device keeps. */
function visit(onNotice: (notice: Notice) => void = () => undefined) {
  const doc = new Y.Doc();
  const outbox = new BrowserOutbox(ADDRESS, shelf);
  const provider = new Provider({ ...ADDRESS, doc, outbox, onNotice });
  providers.push(provider);
  const edits = new NoteEdits(doc, 'board', 'p', new Undo(doc, 'board'));
  provider.connect();
  return { doc, provider, write: (text: string, n = 1) => edits.addNotes(notes(text, n)) };
}

function notes(text: string, n: number) {
  return Array.from({ length: n }, () => ({ zone: 'z', color: 'yellow' as const, text }));
}

function until(what: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(what()).toBe(true), { timeout: 10_000, interval: 10 });
}

/** What stands on the server's board. */
function texts(): string[] {
  const { doc } = server;
  return [...notesOf(doc).keys()].map((id) => textOf(doc, id)?.toString() ?? '').sort();
}

describe('a board that is closed for now', () => {
  it('keeps what is written, says so, and brings it by itself', async () => {
    const { provider, write } = visit();
    await until(() => provider.status === 'saved');
    server.set(false);
    await until(() => provider.closedBy === 'read-only');
    write('yksi');
    write('kaksi');
    expect([provider.status, provider.changes]).toEqual(['held', 2]);
    expect(server.sizes).toEqual([]);
    server.set(true);
    await until(() => provider.status === 'saved');
    expect(texts()).toEqual(['kaksi', 'yksi']);
    expect(await shelf.waiting()).toEqual([]);
  });

  it('takes back for sending what was on its way when it closed', async () => {
    const { provider, write } = visit();
    await until(() => provider.status === 'saved');
    server.open = false;
    write('matkalla');
    await until(() => provider.status === 'held');
    write('perässä');
    server.set(true);
    await until(() => provider.status === 'saved');
    expect(texts()).toEqual(['matkalla', 'perässä']);
    expect(server.connections).toBe(1);
  });

  it('brings nothing of what was written offline before it is open, also after a reload', async () => {
    const first = visit();
    await until(() => first.provider.status === 'saved');
    first.provider.disconnect();
    first.write('ilman yhteyttä');
    server.open = false;
    first.provider.connect();
    await until(() => first.provider.status === 'held');
    first.provider.destroy();
    const second = visit();
    await until(() => second.provider.status === 'held');
    expect([second.provider.changes, server.sizes]).toEqual([1, []]);
    server.set(true);
    await until(() => second.provider.status === 'saved');
    second.write('jälkeen');
    await until(() => second.provider.status === 'saved');
    expect(texts()).toEqual(['ilman yhteyttä', 'jälkeen']);
  });

  it('keeps nothing back from a server that never says whether it takes edits', async () => {
    const { provider, write } = visit();
    await until(() => provider.status === 'saved');
    write('heti');
    await until(() => provider.status === 'saved');
    expect(texts()).toEqual(['heti']);
  });
});

describe('large work', () => {
  it('arrives in pieces, live and from offline', async () => {
    const { provider, write } = visit();
    await until(() => provider.status === 'saved');
    write('elävä', 300);
    await until(() => provider.status === 'saved');
    provider.disconnect();
    write('ilman yhteyttä', 700);
    for (let i = 0; i < 40; i += 1) write(`${i} ${'x'.repeat(1_900)}`);
    provider.connect();
    await until(() => provider.status === 'saved');
    expect(texts()).toHaveLength(1_040);
    expect(Math.max(...server.sizes)).toBeLessThan(64 << 10);
  }, 20_000);
});

describe('a connection that ended over an edit', () => {
  it.each([4400, 4403, 4413, 4422])(
    'leaves it to the courier after %i, and what follows is saved',
    async (code) => {
      const first = visit();
      await until(() => first.provider.status === 'saved');
      server.refuseWith = code;
      first.write('kielletty');
      await until(() => first.provider.refused?.code === code);
      first.write('kielletyn perässä');
      const kept = await shelf.waiting();
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.every(({ suspect }) => suspect)).toBe(true);
      const again = visit();
      await until(() => again.provider.status === 'saved');
      again.write('seuraava');
      await until(() => again.provider.status === 'saved' && texts().length === 1);
      expect(texts()).toEqual(['seuraava']);
    },
  );

  it('gives up edits that leave a gap again and again', async () => {
    const { provider, write } = visit();
    await until(() => provider.status === 'saved');
    for (let i = 0; i < 3; i += 1) {
      server.refuseWith = 4509;
      if (i === 0) write('aukko');
      await until(() => server.refuseWith === null);
    }
    await until(() => provider.refused?.code === 4509);
    expect((await shelf.waiting()).every(({ suspect }) => suspect)).toBe(true);
  });

  it.each([4404, 4409])('keeps what waited after %i', async (code) => {
    const { provider, write } = visit();
    await until(() => provider.status === 'saved');
    server.refuseWith = code;
    write('talteen');
    await until(() => provider.refused?.code === code);
    const kept = await shelf.waiting();
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.some(({ suspect }) => suspect)).toBe(false);
  });
});

describe('what was written into a note that is gone', () => {
  it('is told to who wrote it, and everything that follows is saved', async () => {
    const told: string[] = [];
    const { doc, provider, write } = visit((notice) => told.push(...notice.texts));
    await until(() => provider.loaded);
    const [id = ''] = write('Ensin');
    write('Toinen');
    await until(() => provider.unsaved === 0);
    provider.disconnect();
    doc.transact(() => textOf(doc, id)?.insert(5, ' ja sitten'), 'user');
    notesOf(server.doc).delete(id);
    provider.connect();
    await until(() => provider.unsaved === 0);
    expect(told).toEqual([' ja sitten']);
    write('Kolmas');
    await until(() => provider.unsaved === 0);
    expect(texts()).toEqual(['Kolmas', 'Toinen']);
  });

  it('is told with all of its words where the note is marked as deleted', async () => {
    const told: Notice[] = [];
    const { doc, provider, write } = visit((notice) => told.push(notice));
    await until(() => provider.loaded);
    const [id = ''] = write('Ensin');
    await until(() => provider.unsaved === 0);
    provider.disconnect();
    doc.transact(() => textOf(doc, id)?.insert(5, ' ja sitten'), 'user');
    notesOf(server.doc).get(id)?.set('del', true);
    provider.connect();
    await until(() => provider.unsaved === 0);
    expect(told).toMatchObject([
      { code: 'note-deleted', texts: ['Ensin ja sitten'], item: { kind: 'note', id } },
    ]);
  });

  it('is told after a reload too, of a field of an experiment', async () => {
    const before = visit();
    await until(() => before.provider.loaded);
    const plan = new ExperimentEdits(before.doc, new Undo(before.doc, 'board'));
    const id = plan.addExperiment(['what', 'why']);
    await until(() => before.provider.unsaved === 0);
    before.provider.disconnect();
    plan.append(id, 'why', 'Oma syy');
    await shelf.settled();
    experimentsOf(server.doc).get(id)?.set('del', true);
    const told: Notice[] = [];
    const after = visit((notice) => told.push(notice));
    await until(() => after.provider.status === 'saved');
    expect(told).toMatchObject([
      { code: 'experiment-deleted', texts: ['Oma syy'], item: { kind: 'experiment', id } },
    ]);
  });

  it('is no news to who deleted it themselves, nor where it was deleted before', async () => {
    const told: Notice[] = [];
    const { doc, provider, write } = visit((notice) => told.push(notice));
    await until(() => provider.loaded);
    const [id = ''] = write('Oma');
    const [gone = ''] = write('Ennen');
    notesOf(doc).get(gone)?.set('del', true);
    await until(() => provider.unsaved === 0);
    provider.disconnect();
    doc.transact(() => textOf(doc, id)?.insert(3, ' lappu'), 'user');
    doc.transact(() => textOf(doc, gone)?.insert(5, ' poistoa'), 'user');
    doc.transact(() => notesOf(doc).get(id)?.set('del', true), 'user');
    provider.connect();
    await until(() => provider.unsaved === 0);
    expect(told).toEqual([]);
  });

  it('is no news after a reload to who deleted it themselves', async () => {
    const before = visit();
    await until(() => before.provider.loaded);
    const [id = ''] = before.write('Oma');
    await until(() => before.provider.unsaved === 0);
    before.provider.disconnect();
    before.doc.transact(() => textOf(before.doc, id)?.insert(3, ' lappu'), 'user');
    before.doc.transact(() => notesOf(before.doc).get(id)?.set('del', true), 'user');
    await shelf.settled();
    const told: Notice[] = [];
    const after = visit((notice) => told.push(notice));
    await until(() => after.provider.status === 'saved');
    expect(textOf(after.doc, id)?.toString()).toBe('Oma lappu');
    expect(told).toEqual([]);
  });
});
