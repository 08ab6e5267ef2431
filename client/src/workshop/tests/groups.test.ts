import { describe, expect, it } from 'vitest';
import {
  deal,
  dealPages,
  likelyGroups,
  moved,
  pagesAmiss,
  reconciled,
  resized,
  shuffled,
  unplaced,
} from '../groups';

const people = (n: number) => Array.from({ length: n }, (_, i) => `p${i}`);
const sizes = (groups: readonly (readonly string[])[]) => groups.map((group) => group.length);
const everyone = (groups: readonly (readonly string[])[]) => groups.flat().sort();

describe('groups', () => {
  it('deals everyone once, sizes differ by one at most', () => {
    for (let n = 0; n < 40; n++) {
      for (let count = 1; count <= 12; count++) {
        const groups = deal(people(n), count);
        expect(groups).toHaveLength(count);
        expect(everyone(groups)).toEqual(people(n).sort());
        expect(Math.max(...sizes(groups)) - Math.min(...sizes(groups))).toBeLessThanOrEqual(1);
      }
    }
  });

  it('shuffles without losing or doubling anyone', () => {
    const dice = [0.9, 0.1, 0.5, 0.3, 0.7];
    const deck = shuffled(people(6), () => dice.shift() ?? 0);
    expect([...deck].sort()).toEqual(people(6));
    expect(deck).not.toEqual(people(6));
  });

  it('moves a person to one group only, or out of all', () => {
    const groups = [['a', 'b'], ['c']];
    expect(moved(groups, 'a', 1)).toEqual([['b'], ['c', 'a']]);
    expect(moved(groups, 'a', 0)).toEqual([['b', 'a'], ['c']]);
    expect(moved(groups, 'c', null)).toEqual([['a', 'b'], []]);
  });

  it('changes the number of groups and keeps people where they were if it can', () => {
    const groups = deal(people(9), 3);
    const fewer = resized(groups, 2);
    expect(sizes(fewer).sort()).toEqual([4, 5]);
    expect(everyone(fewer)).toEqual(people(9));
    expect(fewer[0]).toEqual(expect.arrayContaining(groups[0] as string[]));
    const more = resized(groups, 4);
    expect(sizes(more).sort()).toEqual([2, 2, 2, 3]);
    expect(everyone(more)).toEqual(people(9));
  });

  it('forgets who left and places who came in the smallest group', () => {
    const groups = [['a', 'b'], ['c']];
    expect(reconciled(groups, ['b', 'c', 'd', 'e'], true)).toEqual([
      ['b', 'd'],
      ['c', 'e'],
    ]);
    expect(reconciled(groups, ['b', 'c', 'd'], false)).toEqual([['b'], ['c']]);
    expect(unplaced([['b'], ['c']], ['d', 'b', 'e'])).toEqual(['d', 'e']);
  });

  it('gives every page to someone and every group a page', () => {
    expect(dealPages(4, 2)).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(dealPages(4, 4)).toEqual([[1], [2], [3], [4]]);
    expect(dealPages(4, 5)).toEqual([[1], [2], [3], [4], [1]]);
  });

  it('offers about four people a group', () => {
    expect([0, 5, 12, 30, 200].map(likelyGroups)).toEqual([2, 2, 3, 8, 40]);
  });

  it('tells of pages that nobody or several groups fill in', () => {
    expect(pagesAmiss(4, [[1, 2], [2]])).toEqual({ none: [3, 4], several: [2] });
    expect(pagesAmiss(4, dealPages(4, 3))).toEqual({ none: [], several: [] });
    // A group without pages of its own fills in all of them.
    expect(pagesAmiss(4, [[1], []])).toEqual({ none: [], several: [] });
    expect(
      pagesAmiss(2, [
        [1, 2],
        [1, 2],
      ]),
    ).toEqual({ none: [], several: [1, 2] });
  });
});
