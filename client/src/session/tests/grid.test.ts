import { describe, expect, it } from 'vitest';
import { GridView, readPart, spellPart, type GridPart } from '../grid.svelte';
import { definition, row, zone } from '../../workshop/tests/test-definitions';

const GRID = definition('grid', {
  columns: ['from', 'to'].map(zone),
  rows: ['a', 'b', 'c', 'd'].map((id, i) => row(id, 1 + Math.floor(i / 2))),
});
const shown = (grid: GridView) =>
  ['a/from', 'a/to', 'b/from', 'c/from', 'd/to'].filter((zone) => grid.shows(zone));

describe('the part of a grid that is looked at', () => {
  it('is all of it, one page, or one row', () => {
    const grid = new GridView(GRID);
    expect(shown(grid)).toHaveLength(5);
    grid.part = { kind: 'page', page: 2 };
    expect(shown(grid)).toEqual(['c/from', 'd/to']);
    grid.part = { kind: 'row', row: 'a' };
    expect(shown(grid)).toEqual(['a/from', 'a/to']);
    grid.reveal('a/to');
    expect(grid.part.kind).toBe('row');
    grid.reveal('d/to');
    expect(grid.part.kind).toBe('all');
  });

  it('is a group’s own pages to begin with', () => {
    expect(shown(new GridView(GRID, [2]))).toEqual(['c/from', 'd/to']);
    expect(new GridView(GRID, [1, 2]).part.kind).toBe('all');
    expect(new GridView(GRID, [7]).part.kind).toBe('all');
  });

  it('never hides zones of other boards', () => {
    const grid = new GridView({ ...GRID, kind: 'notes' }, [2]);
    expect([grid.pages, grid.shows('challenges')]).toEqual([[], true]);
  });

  it('comes back from how it is spelt', () => {
    const parts: GridPart[] = [
      { kind: 'all' },
      { kind: 'own' },
      { kind: 'page', page: 3 },
      { kind: 'row', row: 'work-community' },
    ];
    expect(parts.map(spellPart).map(readPart)).toEqual(parts);
  });
});
