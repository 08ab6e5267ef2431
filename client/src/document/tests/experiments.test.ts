import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/days.json';
import * as Y from 'yjs';
import { addDays, isDay } from '../days';
import { ExperimentEdits, experimentText, experimentsOf } from '../experiments';
import { hasCalendar, isCrossed, originsOf, readExperiments } from '../experiments';
import { timelineOf } from '../../layout/timeline';
import { Undo } from '../undo';

const FIELDS = ['what', 'why', 'who'];

function person(now = 1000) {
  const doc = new Y.Doc();
  const undo = new Undo(doc, 'board');
  const edits = new ExperimentEdits(doc, undo, () => now);
  const only = () => readExperiments(doc)[0];
  return { doc, undo, edits, only };
}

type Person = ReturnType<typeof person>;

function meet(...people: Person[]): void {
  for (const from of people) {
    for (const to of people) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'remote');
  }
}

describe('experiments', () => {
  it('begin with what the idea says, and remember the idea', () => {
    const p = person();
    const id = p.edits.addExperiment(FIELDS, { note: 'idea', text: 'Kävelykokous' });
    expect(p.only()).toEqual({
      id,
      at: 1000,
      texts: { what: 'Kävelykokous', why: '', who: '' },
      start: null,
      end: null,
      checks: [],
    });
    expect([...originsOf(p.doc, 'b')]).toEqual([[id, 'idea']]);
  });

  it('are one step of undo, and come back with what others wrote into them', () => {
    const [p, q] = [person(), person()];
    const id = p.edits.addExperiment(FIELDS, { note: 'idea', text: 'a' });
    meet(p, q);
    experimentText(q.doc, id, 'why')?.insert(0, 'siksi');
    meet(p, q);
    p.undo.undo();
    expect(readExperiments(p.doc)).toEqual([]);
    expect(originsOf(p.doc, 'b').size).toBe(0);
    p.undo.redo();
    expect(p.only()?.texts['why']).toBe('siksi');
    expect(originsOf(p.doc, 'b').get(id)).toBe('idea');
  });

  it('never end before they start', () => {
    const p = person();
    const id = p.edits.addExperiment(FIELDS);
    expect(p.edits.setDay(id, 'start', '2026-05-10')).toBe(true);
    expect(p.edits.setDay(id, 'end', '2026-05-09')).toBe(false);
    expect(p.only()).toMatchObject({ start: '2026-05-10', end: null });
    expect(p.edits.setDay(id, 'end', '2026-05-10')).toBe(true);
    expect(p.edits.setDay(id, 'start', '2026-05-11')).toBe(false);
    expect(p.edits.setDay(id, 'start', null)).toBe(true);
    p.undo.undo();
    expect(p.only()).toMatchObject({ start: '2026-05-10', end: '2026-05-10' });
  });

  it('keep the days to assess them that two people add at the same time', () => {
    const [p, q] = [person(), person()];
    const id = p.edits.addExperiment(FIELDS);
    meet(p, q);
    p.edits.putCheck(id, '2026-05-20');
    q.edits.putCheck(id, '2026-05-06');
    meet(p, q);
    expect(p.only()?.checks).toEqual(['2026-05-06', '2026-05-20']);
    q.edits.putCheck(id, '2026-05-20', false);
    meet(p, q);
    expect(p.only()?.checks).toEqual(['2026-05-06']);
  });

  it('are taken off the plan softly', () => {
    const p = person();
    const id = p.edits.addExperiment(FIELDS);
    p.edits.deleteExperiment(id);
    expect(readExperiments(p.doc)).toEqual([]);
    p.edits.restoreExperiment(id);
    expect(p.only()?.id).toBe(id);
  });

  it('take names one after the other', () => {
    const p = person();
    const id = p.edits.addExperiment(FIELDS);
    for (const name of ['Koivu', 'Tammi']) p.edits.append(id, 'who', name);
    expect(p.only()?.texts['who']).toBe('Koivu, Tammi');
  });

  it('are read whatever others put there', () => {
    const p = person();
    const odd: [string, unknown][] = [
      ['start', 'soon'],
      ['end', '2026-02-30'],
      ['check/later', true],
      ['check/2026-05-01', false],
      ['at', 'x'],
    ];
    experimentsOf(p.doc).set('odd', new Y.Map(odd));
    experimentsOf(p.doc).set('flat', 5 as unknown as Y.Map<unknown>);
    p.doc.getMap<unknown>('links').set('l', null);
    const bare = { id: 'odd', at: 0, texts: {}, start: null, end: null, checks: [] };
    expect(readExperiments(p.doc)).toEqual([bare]);
    expect(originsOf(p.doc, 'b').size).toBe(0);
  });
});

describe('days', () => {
  it.each([...(vectors.days as [string, boolean][]), [null, false] as const])(
    '%s is a day: %s',
    (text, expected) => {
      expect(isDay(text)).toBe(expected);
    },
  );

  it('follow each other over months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  });
});

describe('timeline', () => {
  const trial = (id: string, start: string | null, end: string | null, checks: string[] = []) => ({
    id,
    at: 1,
    texts: {},
    start,
    end,
    checks,
  });

  it('is nothing without days', () => {
    expect(timelineOf([trial('a', null, null)], '2026-05-01')).toBeNull();
  });

  it('puts bars, assessments, months and today in order', () => {
    const one = trial('a', '2026-05-04', '2026-06-12', ['2026-05-20']);
    const line = timelineOf([one, trial('b', '2026-06-01', null)], '2026-05-25');
    expect(line?.bars.map(({ id }) => id)).toEqual(['a', 'b']);
    const [a, b] = line?.bars ?? [];
    expect(a?.from).toBeGreaterThan(0);
    expect(a?.checks[0]).toBeGreaterThan(a?.from ?? 1);
    expect(line?.today).toBeGreaterThan(a?.checks[0] ?? 1);
    expect(b?.from).toBeGreaterThan(line?.today ?? 1);
    expect(a?.to).toBeLessThan(1);
    expect(line?.months.map(({ day }) => day)).toEqual(['2026-05-01', '2026-06-01']);
    expect(line?.months[0]?.at).toBe(0);
  });

  it('has no bar for an experiment that ends before it starts, but the rest as ever', () => {
    const crossed = trial('a', '2026-06-12', '2026-05-04');
    expect([isCrossed(crossed), isCrossed(trial('b', null, '2026-05-04'))]).toEqual([true, false]);
    const well = trial('b', '2026-06-01', '2026-06-01');
    expect([crossed, well, trial('c', null, null)].map(hasCalendar)).toEqual([false, true, false]);
    const line = timelineOf([crossed, well], '2026-05-25');
    expect(line?.bars.map(({ id }) => id)).toEqual(['b']);
  });

  it('leaves out a today that is long past, and most months of a long time', () => {
    const line = timelineOf([trial('a', '2026-01-01', '2036-01-01')], '2050-01-01');
    expect(line?.today).toBeNull();
    expect(line?.months.length).toBeLessThanOrEqual(12);
  });
});
