import { beforeEach, describe, expect, it } from 'vitest';
import type { MergeReport } from '../../../api/api';
import { Drafts } from '../../../device/drafts';
import { Reports } from '../reports.svelte';

const note = (id: string) => ({ id, text: id, group: 'g', zone: 'not kept' });
const report = (...added: string[]): MergeReport => ({
  added: added.map(note),
  edited_on_both_sides: [],
  kept_deleted: [],
  put_back: [],
  likely_duplicates: added.length > 1 ? [[note('x'), note('y')]] : [],
  snapshot: added.length > 0 ? 's' : null,
});
const reports = () => new Reports(new Drafts('w', 'me'));
const told = (from: Reports, breakout = 'k') =>
  from.of(breakout).map(({ report: { added } }) => added.map(({ id }) => id).join(' '));

describe('reports', () => {
  beforeEach(() => localStorage.clear());

  it('stay for every round until they are closed, also when the page is opened again', () => {
    const first = reports();
    first.keep('k', report('a', 'b'));
    first.keep('other', report('c'));
    first.keep('k', report('d'));
    const again = reports();
    expect([told(again), told(again, 'other')]).toEqual([['d', 'a b'], ['c']]);
    expect(again.of('k')[0]?.report.added[0]).toEqual({ id: 'd', text: 'd', group: 'g' });
    again.close('k', again.of('k')[0]?.id ?? '');
    expect(told(reports())).toEqual(['a b']);
  });

  it('of a gathering that brought nothing take the place of no other', () => {
    const kept = reports();
    kept.keep('k', report('a'));
    kept.keep('k', report());
    kept.keep('k', report());
    expect(told(kept)).toEqual(['', 'a']);
    kept.keep('k', report('b'));
    expect(told(kept)).toEqual(['b', 'a']);
  });

  it('keep what was decided of a pair, also when the page is opened again', () => {
    const kept = reports();
    kept.keep('k', report('a', 'b'));
    const id = kept.of('k')[0]?.id ?? '';
    kept.decide('k', id, 'x y', { how: 'apart' });
    kept.decide('k', id, 'y z', { how: 'together', before: ['theme', null] });
    kept.decide('k', 'another', 'x y', null);
    expect(reports().of('k')[0]?.decided).toEqual({
      'x y': { how: 'apart' },
      'y z': { how: 'together', before: ['theme', null] },
    });
    kept.decide('k', id, 'x y', null);
    expect(Object.keys(reports().of('k')[0]?.decided ?? {})).toEqual(['y z']);
  });

  it('leave nothing behind when all are closed', () => {
    const kept = reports();
    kept.keep('k', report('a'));
    kept.close('k', kept.of('k')[0]?.id ?? '');
    expect(localStorage.length).toBe(0);
  });
});
