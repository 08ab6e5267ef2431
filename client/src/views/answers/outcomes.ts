/** What a board that sums up builds on: each tool with its summary, and what stands out of its notes. */
import type { NoteItem } from '../../replica/board.svelte';
import { shownDots } from '../../session/dots';
import type { Neighbours } from '../../replica/neighbours.svelte';
import type { Replica } from '../../replica/replica.svelte';
import type { BoardInfo } from '../../workshop/desk';

export interface Tool {
  readonly board: BoardInfo;
  /** Boards of answers that ask about this board. */
  readonly summaries: readonly BoardInfo[];
}

/** `askedAbout`: keys of the boards that a board of answers asks about, its main one first. */
export function toolsOf(
  boards: readonly BoardInfo[],
  askedAbout: (board: BoardInfo) => readonly string[],
): Tool[] {
  const isSummary = ({ kind }: BoardInfo) => kind === 'answers';
  const maps = boards.filter((board) => !isSummary(board));
  const subjectOf = (summary: BoardInfo) =>
    askedAbout(summary)
      .map((key) => maps.find((map) => map.key === key))
      .find((map) => map !== undefined);
  const summaries = boards.filter(isSummary).map((board) => ({ board, subject: subjectOf(board) }));
  const alone = summaries.filter(({ subject }) => !subject).map(({ board }) => board);
  return [...maps, ...alone]
    .sort((a, b) => boards.indexOf(a) - boards.indexOf(b))
    .map((board) => ({
      board,
      summaries: summaries.filter(({ subject }) => subject === board).map((one) => one.board),
    }));
}

/** Of a note as far as one may know: its dots and the links to it. */
export interface Weight {
  readonly dots: number;
  readonly links: number;
}

export function weightOf(shown: Replica, neighbours: Neighbours, note: string): Weight {
  const links = neighbours.linksAt(neighbours.noteEnd(shown, note)).length;
  return { dots: shownDots(shown, note), links };
}

/** Those with dots or links: most dots first, then most links, at most `most`. */
export function outstanding(
  items: readonly NoteItem[],
  weigh: (item: NoteItem) => Weight,
  most: number,
): NoteItem[] {
  return items
    .map((item) => ({ item, ...weigh(item) }))
    .filter(({ dots, links }) => dots + links > 0)
    .sort((a, b) => b.dots - a.dots || b.links - a.links)
    .slice(0, most)
    .map(({ item }) => item);
}
