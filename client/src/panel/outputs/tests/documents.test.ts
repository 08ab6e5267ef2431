import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toasts } from '../../../browser/toasts.svelte';
import type { Export } from '../../../workshop/api-types';
import { Documents } from '../documents.svelte';

const job = (id: string, state: Export['state'] = 'working') => ({ id, state }) as Export;
const WANTED = { format: 'pdf' };

/** A server whose answers come when they are let. */
class Server {
  readonly #calls: { method: string; answer: (response: Response) => void }[] = [];

  readonly fetch = (_path: string, { method }: { method: string }): Promise<Response> =>
    new Promise((answer) => this.#calls.push({ method, answer }));

  /** Answers the first call of this kind that waits, once there is one. */
  async answer(method: string, value: unknown, status = 200): Promise<void> {
    const at = await vi.waitFor(() => {
      const found = this.#calls.findIndex((call) => call.method === method);
      expect(found).not.toBe(-1);
      return found;
    });
    const body = status === 204 ? null : JSON.stringify(value);
    this.#calls.splice(at, 1)[0]?.answer(new Response(body, { status }));
  }
}

let server: Server;
let documents: Documents;
const listed = () => documents.all.map(({ id }) => id);

beforeEach(() => {
  server = new Server();
  documents = new Documents('workshop', ({ id }) => id);
  vi.stubGlobal('fetch', server.fetch);
  toasts.all = [];
});
afterEach(() => vi.unstubAllGlobals());

describe('what is being made', () => {
  it('stands there once, also when a look was quicker than the answer', async () => {
    const taking = documents.take(WANTED);
    const looking = documents.look();
    await server.answer('GET', [job('a')]);
    await looking;
    await server.answer('POST', job('a', 'waiting'));
    await taking;
    expect(listed()).toEqual(['a']);
  });

  it('is not missed by an answer to a question from before', async () => {
    const looking = documents.look();
    const taking = documents.take(WANTED);
    await server.answer('POST', job('a'));
    await taking;
    await server.answer('GET', []);
    await looking;
    expect(listed()).toEqual(['a']);
    expect(toasts.all).toEqual([]);
  });

  it('does not come back when it was given up', async () => {
    const looking = documents.look();
    await server.answer('GET', [job('a'), job('b')]);
    await looking;
    const again = documents.look();
    const dropping = documents.drop(job('a'));
    await server.answer('GET', [job('a'), job('b')]);
    await again;
    expect(listed()).toEqual(['b']);
    const late = documents.look();
    await server.answer('GET', [job('a'), job('b')]); // the deletion is on its way
    await late;
    expect(listed()).toEqual(['b']);
    await server.answer('DELETE', null, 204);
    await dropping;
  });

  it.each([
    [503, ['a']],
    [401, []],
  ])('is kept while the server cannot say (%i)', async (status, left) => {
    const looking = documents.look();
    await server.answer('GET', [job('a')]);
    await looking;
    const again = documents.look();
    await server.answer('GET', { code: 'x' }, status);
    await again;
    expect(listed()).toEqual(left);
  });
});
