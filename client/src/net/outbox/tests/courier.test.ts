/** What waits for boards that are not open is brought, kept or set aside; nothing is lost (issue of late work). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { NoteEdits } from '../../../document/edits';
import { notesOf, textOf } from '../../../document/schema';
import { Undo } from '../../../document/undo';
import { Courier, type Answer, type CourierOptions, type Outlook } from '../courier';
import { prefixOf, Shelf } from '../shelf';

const ME = 'me';
let shelf: Shelf;
let board: Y.Doc;
let answers: (update: Uint8Array) => Answer;
let brought: [string, number][];
let courier: Courier | null = null;

beforeEach(() => {
  shelf = new Shelf();
  board = new Y.Doc();
  brought = [];
  answers = take;
});

afterEach(() => courier?.destroy());

/** The server takes it, unless it would leave a gap. */
function take(update: Uint8Array): Answer {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(board));
  Y.applyUpdate(copy, update);
  if (copy.store.pendingStructs) return { kind: 'refused', code: 'refused-update' };
  Y.applyUpdate(board, update);
  return { kind: 'taken', notices: [] };
}

/** Notes written a minute ago, without a connection; each is some edits. */
function wrote(
  texts: readonly string[],
  { suspect = false, person = ME, at = 60_000, board: on = 'birch' } = {},
): void {
  const doc = new Y.Doc();
  const tab = `${texts[0]}`;
  let made = 0;
  doc.on('update', (update: Uint8Array) => {
    made += 1;
    const key = `${prefixOf({ board: on, lineage: 'l', person })}0-${tab}-${made}`;
    shelf.put(key, { update, at: Date.now() - at, about: [], ...(suspect && { suspect }) });
  });
  const edits = new NoteEdits(doc, 'birch', person, new Undo(doc, 'birch'));
  for (const text of texts) edits.addNotes([{ zone: 'z', color: 'blue', text }]);
}

async function run(options: Partial<CourierOptions> = {}): Promise<void> {
  courier = new Courier({
    shelf,
    person: ME,
    deliver: async (_board, _lineage, update) => answers(update),
    outlook: (): Outlook => 'ask',
    isTended: () => false,
    givesUp: () => null,
    onBrought: (name, changes) => brought.push([name, changes]),
    onNotice: () => undefined,
    ...options,
  });
  await courier.run();
}

function texts(): string[] {
  return [...notesOf(board).keys()].map((id) => textOf(board, id)?.toString() ?? '').sort();
}

async function left(): Promise<[number, number]> {
  return [(await shelf.waiting()).length, (await shelf.asideOf(ME)).length];
}

describe('the courier', () => {
  it('brings what waits, tells where it went, and keeps none of it', async () => {
    wrote(['yksi', 'kaksi']);
    await run();
    expect(texts()).toEqual(['kaksi', 'yksi']);
    expect(brought).toEqual([['birch', 4]]);
    expect(await left()).toEqual([0, 0]);
  });

  it('brings with what waits what was written there a moment ago, and tells of both at once', async () => {
    wrote(['yksi']);
    wrote(['kaksi'], { at: 0 });
    wrote(['muualla'], { at: 0, board: 'oak' });
    await run();
    expect(texts()).toEqual(['kaksi', 'yksi']);
    expect(brought).toHaveLength(1);
    expect((await left())[0]).toBeGreaterThan(0);
  });

  it('leaves alone what others wrote, what is tended, and what is a moment old', async () => {
    wrote(['toisen'], { person: 'somebody' });
    await run();
    wrote(['hoidossa']);
    await run({ isTended: () => true });
    expect(texts()).toEqual([]);
    shelf = new Shelf();
    wrote(['juuri nyt'], { at: 0 });
    await run();
    expect(texts()).toEqual([]);
  });

  it.each<[string, Partial<CourierOptions>, Answer | null]>([
    ['the desk says later', { outlook: () => 'later' }, null],
    ['the board is locked', {}, { kind: 'held' }],
    ['the server is away', {}, { kind: 'silent' }],
  ])('keeps everything while %s, and brings it afterwards', async (_why, options, answer) => {
    wrote(['odottaa']);
    if (answer) answers = () => answer;
    await run(options);
    expect(texts()).toEqual([]);
    expect((await left())[0]).toBeGreaterThan(0);
    answers = take;
    await run();
    expect(texts()).toEqual(['odottaa']);
    expect(await left()).toEqual([0, 0]);
  });

  it.each<[string, Partial<CourierOptions>, Answer | null]>([
    ['board-gone', {}, { kind: 'refused', code: 'board-gone' }],
    ['lineage-mismatch', { outlook: () => ({ never: 'lineage-mismatch' }) }, null],
    ['too-late', { givesUp: () => 'too-late' }, { kind: 'held' }],
  ])('sets aside, with its words, what can never be brought: %s', async (code, options, answer) => {
    wrote(['Hyvä idea', 'ja toinen']);
    if (answer) answers = () => answer;
    await run(options);
    const [aside] = await shelf.asideOf(ME);
    expect(aside).toMatchObject({ board: 'birch', code, texts: ['Hyvä idea', 'ja toinen'] });
    expect((await left())[0]).toBe(0);
    shelf.throwAway(aside?.key ?? '');
    expect(await left()).toEqual([0, 0]);
  });

  it('sets aside what is forbidden itself where its person may write, and brings the rest', async () => {
    wrote(['luvaton'], { suspect: true });
    wrote(['luvallinen'], { suspect: true });
    answers = (update) =>
      new TextDecoder().decode(update).includes('luvaton') ? { kind: 'held' } : take(update);
    await run({ givesUp: ({ suspect }) => (suspect ? 'refused' : null) });
    expect(texts()).toEqual(['luvallinen']);
    expect((await shelf.asideOf(ME))[0]?.texts).toEqual(['luvaton']);
    expect((await left())[0]).toBe(0);
  });

  it('sets aside what is refused and what builds on it, and brings the rest', async () => {
    wrote(['ennen'], { suspect: true });
    wrote(['kielletty', 'kielletyn perässä'], { suspect: true });
    wrote(['muualta'], { suspect: true });
    answers = (update) =>
      new TextDecoder().decode(update).includes('kielletty')
        ? { kind: 'refused', code: 'refused-update' }
        : take(update);
    await run();
    expect(texts()).toEqual(['ennen', 'muualta']);
    const [aside] = await shelf.asideOf(ME);
    expect(aside?.texts).toEqual(['kielletty', 'kielletyn perässä']);
    expect((await left())[0]).toBe(0);
  });
});
