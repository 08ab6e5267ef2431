import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { announcer } from '../../browser/announce.svelte';
import { volume, type Volume } from '../../device/volume';
import type { Note } from '../../document/schema';
import { loadAllTexts, useLanguage } from '../../i18n/i18n';
import { Hearing, kindOf, PAUSE_MS, sentencesOf } from '../hearing';
import type { Worked } from '../worked';

beforeAll(async () => {
  await useLanguage('fi');
  await loadAllTexts();
});

function note(id: string, text: string, zone = 'a'): Note {
  const nowhere = { group: null, theme: null, carried: false, x: null, y: null };
  return { id, text, zone, color: 'yellow', at: 0, author: null, ...nowhere };
}

describe('what became of a note', () => {
  it.each([
    [null, note('1', 'Moi'), 'new'],
    [note('1', ''), note('1', 'Moi'), 'new'],
    [null, note('1', ''), null],
    [note('1', ''), null, null],
    [note('1', 'Moi'), null, 'deleted'],
    [note('1', 'Moi'), note('1', 'Hei', 'b'), 'changed'],
    [note('1', 'Moi'), note('1', 'Moi', 'b'), 'moved'],
    [note('1', 'Moi'), note('1', 'Moi'), null],
  ])('%o, %o: %s', (was, is, kind) => {
    expect(kindOf({ was, is })).toBe(kind);
  });
});

describe('sentences', () => {
  const come = (n: number) =>
    Array.from({ length: n }, (_, at) => ({ was: null, is: note(`${at}`, `Lappu ${at}`) }));
  const said = (n: number, volume: Volume) => sentencesOf(come(n), volume, (id) => `<${id}>`);

  it('say one note whole, several as a count, and all where that was asked for', () => {
    expect(said(1, 'summary')).toEqual(['Uusi lappu, <a>: Lappu 0']);
    expect(said(3, 'summary')).toEqual(['Muut: 3 uutta lappua.']);
    expect(said(3, 'all')).toHaveLength(3);
    expect(said(6, 'all')).toEqual(['Muut: 6 uutta lappua.']);
    expect(said(3, 'off')).toEqual([]);
  });

  it('count each kind', () => {
    const gone = { was: note('x', 'Pois'), is: null };
    expect(sentencesOf([...come(2), gone], 'summary', String)).toEqual([
      'Muut: 2 uutta lappua, 1 poistettu.',
    ]);
  });
});

describe('the ear', () => {
  const notes = new Map<string, Note>();
  const others: { edit: string | null }[] = [];
  // Only what it reads: the ear asks nothing of the network.
  const session = {
    store: { notes },
    loaded: true,
    presence: { others },
    state: { zones: [{ spec: { id: 'a', title: { fi: 'Alue', sv: 'Yta', en: 'Area' } } }] },
  } as unknown as Worked;
  let ear: Hearing;

  function change(id: string, to: Note | null, foreign = true): void {
    if (to) notes.set(id, to);
    else notes.delete(id);
    ear.changed(new Set([id]), new Set(foreign ? [id] : []));
  }

  function heard(after: number): string {
    vi.advanceTimersByTime(after + 60);
    return announcer.text;
  }

  beforeEach(() => {
    vi.useFakeTimers();
    volume.choose('summary');
    notes.clear();
    others.length = 0;
    announcer.text = '';
    ear = new Hearing(session);
  });

  afterEach(() => {
    ear.destroy();
    vi.useRealTimers();
  });

  it('gathers, and says it once', () => {
    change('1', note('1', 'Moi'));
    change('2', note('2', 'Hei'));
    expect(heard(PAUSE_MS.summary - 100)).toBe('');
    expect(heard(100)).toBe('Muut: 2 uutta lappua.');
    announcer.text = '';
    expect(heard(PAUSE_MS.summary * 3)).toBe('');
  });

  it('says nothing of what one does oneself, nor while it is off', () => {
    change('1', note('1', 'Moi'), false);
    volume.choose('off');
    change('2', note('2', 'Hei'));
    expect(heard(PAUSE_MS.summary * 2)).toBe('');
  });

  it('waits for the end of what is being written', () => {
    others.push({ edit: '1' });
    change('1', note('1', ''));
    change('1', note('1', 'Mo'));
    expect(heard(PAUSE_MS.summary)).toBe('');
    change('1', note('1', 'Moi'));
    others.length = 0;
    expect(heard(PAUSE_MS.summary)).toBe('Uusi lappu, Alue: Moi');
  });
});
