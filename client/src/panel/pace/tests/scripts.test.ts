import { beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../../../api/api';
import { Drafts } from '../../../device/drafts';
import { Scripts, type ScriptCalls } from '../scripts.svelte';

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});

const drafts = (): Drafts => new Drafts('w', 'p');

/** A server of one's own, which keeps both texts as the real one does. */
class Server implements ScriptCalls {
  texts: Record<string, string> = {};
  fails: Error | null = null;
  calls = 0;
  read = () => Promise.resolve({ texts: { ...this.texts } });
  write = ({ board, text, before }: { board: string; text: string; before: string }) => {
    this.calls += 1;
    if (this.fails) return Promise.reject(this.fails);
    const stands = this.texts[board] ?? '';
    this.texts[board] = stands === before || stands === '' ? text : `${text}\n\n${stands}`;
    return Promise.resolve({ text: this.texts[board] ?? '' });
  };
}

test('what is typed is sent when its writer pauses, once', async () => {
  const server = new Server();
  const scripts = new Scripts(server, drafts());
  await scripts.load();
  scripts.type('a', 'Ky');
  scripts.type('a', 'Kysy');
  expect(scripts.waits).toBe(true);
  await vi.advanceTimersByTimeAsync(700);
  expect([server.texts['a'], server.calls, scripts.waits]).toEqual(['Kysy', 1, false]);
});

test('it waits on this device while the server is away, also through a new page', async () => {
  const server = new Server();
  server.fails = new TypeError('no network');
  const scripts = new Scripts(server, drafts());
  await scripts.load();
  scripts.type('a', 'Kysy');
  await vi.advanceTimersByTimeAsync(700);
  expect([scripts.waits, scripts.problem !== null]).toEqual([true, true]);
  const again = new Scripts(server, drafts());
  expect(again.textOf('a')).toBe('Kysy');
  server.fails = null;
  await again.load();
  expect([server.texts['a'], again.waits, again.problem]).toEqual(['Kysy', false, null]);
});

test('what somebody else wrote meanwhile comes below it, also while one types on', async () => {
  const server = new Server();
  const scripts = new Scripts(server, drafts());
  await scripts.load();
  server.texts['a'] = 'toinen';
  scripts.type('a', 'yksi');
  const sent = scripts.flush();
  scripts.type('a', 'yksin');
  await sent;
  expect(scripts.textOf('a')).toBe('yksin\n\ntoinen');
  await vi.advanceTimersByTimeAsync(700);
  expect(server.texts['a']).toBe('yksin\n\ntoinen');
});

test('what is refused is not sent again by itself', async () => {
  const server = new Server();
  server.fails = new ApiProblem(400, { code: 'text-too-long', title: '', detail: '' });
  const scripts = new Scripts(server, drafts());
  await scripts.load();
  scripts.type('a', 'x');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([server.calls, scripts.textOf('a')]).toEqual([1, 'x']);
});
