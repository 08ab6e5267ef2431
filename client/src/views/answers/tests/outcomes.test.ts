import { describe, expect, it } from 'vitest';
import type { NoteItem } from '../../../replica/board.svelte';
import type { BoardInfo } from '../../../workshop/desk';
import { outstanding, toolsOf } from '../outcomes';

const board = (key: string, kind = 'notes') =>
  ({ id: key, key, kind, lineage: 'l', breakout: null, group: null }) satisfies BoardInfo;

describe('what a synthesis builds on', () => {
  it('is each tool with the summary that asks about it first', () => {
    const [map, mapSummary] = [board('map'), board('map_summary', 'answers')];
    const [grid, gridSummary] = [board('grid', 'grid'), board('grid_summary', 'answers')];
    const survey = board('survey', 'survey');
    const about = { map_summary: ['map'], grid_summary: ['grid', 'map'] } as const;
    const asked = ({ key }: BoardInfo) => about[key as keyof typeof about];
    expect(toolsOf([map, mapSummary, grid, gridSummary, survey], asked)).toEqual([
      { board: map, summaries: [mapSummary] },
      { board: grid, summaries: [gridSummary] },
      { board: survey, summaries: [] },
    ]);
  });

  it('is a summary by itself where what it asks about is not there', () => {
    const [survey, summary] = [board('survey', 'survey'), board('summary', 'answers')];
    expect(toolsOf([summary, survey], () => ['hidden'])).toEqual([
      { board: summary, summaries: [] },
      { board: survey, summaries: [] },
    ]);
  });

  it('takes notes by dots, then links, and none without either', () => {
    const weights = { a: [0, 2], b: [3, 0], c: [0, 0], d: [3, 1], e: [0, 1] } as const;
    const items = Object.keys(weights).map((id) => ({ id }) as NoteItem);
    const weigh = ({ id }: NoteItem) => {
      const [dots, links] = weights[id as keyof typeof weights];
      return { dots, links };
    };
    expect(outstanding(items, weigh, 3).map(({ id }) => id)).toEqual(['d', 'b', 'a']);
    expect(outstanding(items, weigh, 9).map(({ id }) => id)).toEqual(['d', 'b', 'a', 'e']);
  });
});
