import { describe, expect, it } from 'vitest';
import type { MergePreview, Note } from '../../../workshop/api-types';
import { hasNews, pairsOf, wordsOf } from '../coming';

const note = (id: string) => ({ id, text: id, group: null }) as Note;
const share = (id: string, more: Partial<MergePreview['groups'][number]> = {}) => ({
  ...{ id, added: [], changed: 0, removed: 0, there: 0, more: false },
  ...more,
});

describe('what a merge would bring', () => {
  it('is told in counts, with what stands there already at the end', () => {
    const some = share('a', { added: [note('n')], removed: 2, there: 3 });
    expect(wordsOf(some)).toEqual([
      ['merge.share_added', 1],
      ['merge.share_removed', 2],
      ['merge.share_there', 3],
    ]);
    expect(wordsOf(share('b', { there: 1 }))).toEqual([
      ['merge.share_nothing', 1],
      ['merge.share_there', 1],
    ]);
  });

  it('is news also where it is something else than notes', () => {
    expect(hasNews(share('a'))).toBe(false);
    expect(hasNews(share('a', { there: 2 }))).toBe(false);
    expect(hasNews(share('a', { more: true }))).toBe(true);
    expect(wordsOf(share('a', { more: true }))).toEqual([['merge.share_more', 1]]);
  });

  it('counts pairs only where both notes would stand there', () => {
    const preview: MergePreview = {
      groups: [
        share('a', { added: [note('a1'), note('a2')] }),
        share('b', { added: [note('b1')] }),
      ],
      edited_on_both_sides: [],
      likely_duplicates: [
        [note('a1'), note('b1')],
        [note('old'), note('a2')],
      ],
    };
    expect(pairsOf(preview, ['a', 'b'])).toHaveLength(2);
    expect(pairsOf(preview, ['a'])).toHaveLength(1);
    expect(pairsOf(preview, ['b'])).toHaveLength(0);
  });
});
