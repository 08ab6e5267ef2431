/** The workbook as the way through it: its stages, their boards, and what is to be told of each. */
import { inMyLanguage, t } from '../i18n/i18n';
import { progressOf, type Progress } from '../replica/progress';
import type { StageOf } from '../workshop/boot';
import type { BoardInfo, Desk } from '../workshop/desk';
import type { BoardDefinition } from '../workshop/workshop';
import type { Navigation } from './navigation.svelte';

export interface BoardEntry {
  readonly id: string;
  readonly title: string;
  /** In words; null where there is nothing to tell, or nothing known. */
  readonly progress: string | null;
  /** People who have it open, or their group's copy of it. */
  readonly people: number;
  readonly locked: boolean;
  /** Everybody was led here. */
  readonly led: boolean;
  /** Where they go after the one that they were led to. */
  readonly next: boolean;
}

export interface StageEntry {
  readonly id: string;
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly boards: readonly BoardEntry[];
}

/** Stages without a board here are left out. Reactive. */
export function contentsOf(navigation: Navigation): StageEntry[] {
  const people = countByBoard(navigation);
  const next = nextOf(navigation);
  return navigation.stages
    .map((stage) => ({ stage, boards: boardsOf(navigation.shared, stage) }))
    .filter(({ boards }) => boards.length > 0)
    .map(({ stage, boards }, index) => ({
      id: stage.id,
      number: index + 1,
      name: inMyLanguage(stage.title),
      boards: boards.map((board) => ({
        ...entryOf(navigation, board, people.get(board.id) ?? 0),
        next: board.id === next,
      })),
    }));
}

/** After the board that everybody was brought to; null before they were brought anywhere. */
function nextOf({ shared, desk }: Navigation): string | null {
  const at = shared.findIndex(({ id }) => id === desk.now.reached?.board);
  return (at < 0 ? undefined : shared[at + 1]?.id) ?? null;
}

/** All boards in order, each with its planned minutes: as many as it may take. */
export function stepsOf(navigation: Navigation): { id: string; minutes: number }[] {
  return navigation.shared.map((board) => ({
    id: board.id,
    minutes: navigation.definition(board)?.minutes?.[1] ?? 0,
  }));
}

/** All boards in order. */
export function boardsIn(stages: readonly StageEntry[]): BoardEntry[] {
  return stages.flatMap(({ boards }) => boards);
}

function boardsOf(shared: readonly BoardInfo[], stage: StageOf): BoardInfo[] {
  return shared.filter(({ key }) => stage.boards.includes(key));
}

/** Other boards on which participants are, most of them first; who sits in a group is left out. */
export function elsewhereOf(
  navigation: Navigation,
  here: string,
): { title: string; people: number }[] {
  const { desk, shared } = navigation;
  const counts = new Map<string, number>();
  for (const [person, board] of desk.stands) {
    const isOne = desk.now.people[person]?.role === 'participant';
    if (isOne && board !== here) counts.set(board, (counts.get(board) ?? 0) + 1);
  }
  return shared
    .flatMap((board) => {
      const people = counts.get(board.id) ?? 0;
      return people > 0 ? [{ title: navigation.title(board), people }] : [];
    })
    .sort((a, b) => b.people - a.people);
}

/** Shared board → people there; who is in a group counts where its board was made from. */
function countByBoard({ desk, neighbours }: Navigation): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of desk.stands.values()) {
    const board = desk.board(id);
    if (!board) continue;
    const home = neighbours.home(board);
    counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  return counts;
}

function entryOf(
  navigation: Navigation,
  board: BoardInfo,
  people: number,
): Omit<BoardEntry, 'next'> {
  const { desk, neighbours } = navigation;
  const replica = neighbours.session(board.id);
  const definition = navigation.definition(board);
  const progress = replica && progressOf(replica);
  return {
    id: board.id,
    title: navigation.title(board),
    progress: progress ? inWords(progress) : surveyInWords(definition, desk.now),
    people,
    locked: desk.now.locks[board.id] === true,
    led: desk.now.board === board.id,
  };
}

function inWords(progress: Progress): string {
  if (progress.kind === 'notes') return t('board.notes', { n: progress.n });
  if (progress.kind === 'experiments') return t('contents.experiments', { n: progress.n });
  return t('answers.answered', { n: progress.n, of: progress.of });
}

function surveyInWords(definition: BoardDefinition | null, { assessment }: Desk): string | null {
  const rounds = (definition?.forms ?? []).flatMap(({ id }) => assessment[id] ?? []);
  if (rounds.some(({ state }) => state === 'open')) return t('contents.survey-open');
  return rounds.length > 0 ? t('contents.survey-closed') : null;
}
