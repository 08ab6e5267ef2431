import { afterEach, describe, expect, it } from 'vitest';
import { api, ApiProblem, fileNameIn, serverNow, Unreachable } from '../api';
import { leadApi, qrUrl } from '../lead-api';
import { sentence, sentenceOf, sentenceOfClose } from '../errors';
import { useLanguage } from '../../i18n/i18n.svelte';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** Answer the next calls as a server would, and keep what was asked. */
function answering(response: () => Response | Promise<Response>) {
  const asked: { path: string; init: RequestInit }[] = [];
  globalThis.fetch = async (path, init) => {
    asked.push({ path: String(path), init: init ?? {} });
    return response();
  };
  return asked;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

describe('api', () => {
  it('sends JSON with its type, and a create key as bearer', async () => {
    const asked = answering(() => json({ id: 'w' }, 201));
    await api.create({ workbook: 'valoa', title: 'Tiimi', language: 'fi' }, 'avain');
    expect(asked[0]?.path).toBe('/api/workshops');
    expect(asked[0]?.init.headers).toMatchObject({
      'Content-Type': 'application/json',
      Authorization: 'Bearer avain',
    });
    expect(JSON.parse(asked[0]?.init.body as string)).toMatchObject({ title: 'Tiimi' });
  });

  it('fills in an address, what has no place in its path behind it', async () => {
    const asked = answering(() => json([]));
    await api.rounds('w/1', 'a&b');
    await api.bring('b', 'l', new Uint8Array([1]));
    expect(asked.map(({ path }) => path)).toEqual([
      '/api/workshops/w%2F1/results?form=a%26b',
      '/api/boards/b/edits?lineage=l',
    ]);
    expect(qrUrl('w', null)).toBe('/api/workshops/w/qr.svg');
    expect(qrUrl('w', 'http://a')).toBe('/api/workshops/w/qr.svg?origin=http%3A%2F%2Fa');
  });

  it('says JSON with every command, as a page of another site could not, and with no question', async () => {
    const asked = answering(() => json({ known: true }));
    await leadApi.removePerson('w', 'p');
    await leadApi.changeCode('w');
    await leadApi.addresses('w');
    const JSON_TYPE = { 'Content-Type': 'application/json' };
    expect(asked[0]?.init).toMatchObject({ method: 'DELETE', body: '{}', headers: JSON_TYPE });
    expect(asked[1]?.init).toMatchObject({ method: 'POST', body: '{}', headers: JSON_TYPE });
    expect(asked[2]?.init.headers).not.toHaveProperty('Content-Type');
    expect(asked[2]?.init.body).toBeUndefined();
  });

  it('raises problem+json as an ApiProblem with its stable code', async () => {
    answering(() => json({ code: 'code-unknown', title: 'T', detail: 'D', status: 404 }, 404));
    const error: unknown = await api
      .join('ABCDEFGH', 'Koivu', 'participant')
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiProblem);
    expect((error as ApiProblem).code).toBe('code-unknown');
    expect((error as ApiProblem).status).toBe(404);
  });

  it('names an answer that is no problem+json by its status', async () => {
    answering(() => new Response('<html>', { status: 502 }));
    const error: unknown = await api.comeBack('X').catch((e: unknown) => e);
    expect((error as ApiProblem).code).toBe('http-502');
  });

  it('tells a server that cannot be reached from one that refuses', async () => {
    answering(() => Promise.reject(new TypeError('failed')));
    await expect(leadApi.merge('b')).rejects.toBeInstanceOf(Unreachable);
  });

  it('sends a command without an answer again, under the same key, and a new one under another', async () => {
    let tries = 0;
    const answers = [
      () => Promise.reject<Response>(new TypeError('cut')),
      () => new Response('<html>', { status: 504 }),
      () => json({}),
    ];
    const asked = answering(() => (answers[tries++] ?? (() => json({})))());
    await leadApi.merge('b');
    await leadApi.merge('b');
    const keys = asked.map(({ init }) => new Headers(init.headers).get('Idempotency-Key'));
    expect(keys).toHaveLength(4);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[0]).toMatch(/^[!-~]{20,}$/);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('joins under the same key until it heard an answer, also by another press', async () => {
    let reachable = false;
    const asked = answering(() =>
      reachable ? json({ person: 'p' }, 201) : Promise.reject(new TypeError('cut')),
    );
    const join = () => api.join('ABCDEFGH', 'Koivu', 'participant');
    await expect(join()).rejects.toBeInstanceOf(Unreachable);
    reachable = true;
    await join();
    await join();
    const keys = asked.map(({ init }) => new Headers(init.headers).get('Idempotency-Key'));
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(keys[4]).not.toBe(keys[0]);
  });

  it('asks for what only reads once, without a key', async () => {
    const asked = answering(() => Promise.reject(new TypeError('cut')));
    await expect(api.workbook('w')).rejects.toBeInstanceOf(Unreachable);
    expect(asked).toHaveLength(1);
    expect(new Headers(asked[0]?.init.headers).has('Idempotency-Key')).toBe(false);
  });

  it('keeps ids out of the path grammar', async () => {
    const asked = answering(() => json({}));
    await leadApi.close('../x?y');
    expect(asked[0]?.path).toBe('/api/breakouts/..%2Fx%3Fy/close');
  });

  it('follows the clock of the server only when ours is clearly off', async () => {
    const ahead = Date.now() + 60_000;
    answering(() => json({}, 200, { Date: new Date(ahead).toUTCString() }));
    await api.workbook('w');
    expect(Math.abs(serverNow() - ahead)).toBeLessThan(2000);
    answering(() => json({}, 200, { Date: new Date().toUTCString() }));
    await api.workbook('w');
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50);
  });
});

describe('the name of a file', () => {
  it.each([
    [`attachment; filename="Ilmiot.pdf"; filename*=UTF-8''Ilmi%C3%B6t.pdf`, 'Ilmiöt.pdf'],
    ['attachment; filename="hahmo-data.json"', 'hahmo-data.json'],
    ['', ''],
  ])('%s', (disposition, name) => {
    expect(fileNameIn(disposition)).toBe(name);
  });
});

describe('sentences', () => {
  it('speaks the reader’s language about known codes', async () => {
    await useLanguage('sv');
    const swedish = sentenceOf(new Unreachable('x'));
    await useLanguage('en');
    const english = sentenceOf(new Unreachable('x'));
    expect(swedish.title).not.toBe(english.title);
    expect(english.title).not.toContain('error.');
  });

  it('prefers the server’s sentence when ours lacks a value', () => {
    const problem = { code: 'brand-new', title: 'From the server', detail: 'Do this.' };
    expect(sentenceOf(new ApiProblem(422, problem))).toEqual(problem);
  });

  it('has words for what nobody foresaw', () => {
    expect(sentenceOf(new Error('x')).detail).not.toContain('error.');
    expect(sentence('unheard-of').title).not.toBe('');
  });

  it.each([4400, 4401, 4403, 4404, 4409, 4413, 4422, 4429])(
    'has words for close code %i',
    (code) => {
      const { title, detail } = sentenceOfClose(code);
      expect(title).not.toBe(sentence('unexpected').title);
      expect(detail).not.toMatch(/error\.|\{/);
    },
  );

  it('lets the reason of a close frame be more precise than its code', () => {
    const gone = sentenceOfClose(4404, 'workshop-gone');
    expect(gone).toEqual(sentence('workshop-gone'));
    expect(gone.title).not.toBe(sentenceOfClose(4404).title);
    expect(sentenceOfClose(4413, 'too-large').detail).not.toContain('{');
  });
});
