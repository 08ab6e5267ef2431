import { rightsOn } from './rights';
import type { BoardDefinition, Me } from './workshop';
import type { BoardInfo, Breakout, Desk, Group, Timer, Voting } from './desk';
import type { Localised } from '../i18n/texts';

export { VIEW_KINDS } from './kinds';

/** A group with where it stands in its breakout: the index gives its letter and colour. */
export interface Seat {
  readonly breakout: Breakout;
  readonly group: Group;
  readonly index: number;
}

/** Which board a person looks at. `mine`: the person belongs to this group. */
export type Place =
  | { readonly kind: 'shared'; readonly board: string }
  | { readonly kind: 'group'; readonly board: string; readonly seat: Seat; readonly mine: boolean }
  | { readonly kind: 'nowhere' };

/** Shared boards that have a view, in the workbook's order of keys. */
export function sharedBoards(
  desk: Desk,
  kinds: readonly string[],
  keys: readonly string[],
): BoardInfo[] {
  return Object.values(desk.boards)
    .filter((board) => board.group === null && kinds.includes(board.kind))
    .sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key) || (a.id < b.id ? -1 : 1));
}

/** Newest first. */
export function breakoutsOf(desk: Desk): Breakout[] {
  return Object.values(desk.breakouts).sort((a, b) => b.created - a.created);
}

export function openBreakout(desk: Desk): Breakout | null {
  return breakoutsOf(desk).find(({ state }) => state === 'open') ?? null;
}

/** The group a person sits in while a breakout is open. */
export function seatOf(desk: Desk, person: string): Seat | null {
  const breakout = openBreakout(desk);
  const index = breakout?.groups.findIndex(({ people }) => people.includes(person)) ?? -1;
  const group = breakout?.groups[index];
  return breakout && group ? { breakout, group, index } : null;
}

/** The seat that a group's board belongs to. */
export function seatOfBoard(desk: Desk, board: BoardInfo): Seat | null {
  const breakout = board.breakout === null ? undefined : desk.breakouts[board.breakout];
  const index = breakout?.groups.findIndex(({ id }) => id === board.group) ?? -1;
  const group = breakout?.groups[index];
  return breakout && group ? { breakout, group, index } : null;
}

/**
 * Where this person is. While a breakout is open its members are on their group's board. Else they
 * are where they went (`wish`), where everybody is led, or on the first shared board.
 */
export function placeOf(
  desk: Desk,
  me: Me,
  shared: readonly BoardInfo[],
  wish: string | null,
): Place {
  const seat = me.role === 'participant' ? seatOf(desk, me.id) : null;
  if (seat) return { kind: 'group', board: seat.group.board, seat, mine: true };
  const visited = wish === null ? undefined : desk.boards[wish];
  if (visited?.group && rightsOn(visited, me, desk).maySee) {
    const theirs = seatOfBoard(desk, visited);
    if (theirs && me.role === 'facilitator') {
      return { kind: 'group', board: visited.id, seat: theirs, mine: false };
    }
  }
  const ids = shared.map(({ id }) => id);
  const board = [wish, desk.board, ids[0]].find((id) => id != null && ids.includes(id));
  return board ? { kind: 'shared', board } : { kind: 'nowhere' };
}

/** Titles of the rows on some pages of a grid board, in order; empty for no pages in particular. */
export function rowTitles(board: BoardDefinition | null, pages: readonly number[]): Localised[] {
  const rows = board?.rows ?? [];
  return rows
    .filter(({ page }) => page !== undefined && pages.includes(page))
    .map(({ title }) => title);
}

/** Whole seconds left, never below zero. `now`: milliseconds by the server's clock. */
export function secondsLeft(timer: Timer, now: number): number {
  if (timer.paused !== null) return timer.paused;
  return Math.max(0, Math.ceil((timer.ends - now) / 1000));
}

export type Phase = 'running' | 'last' | 'over';

export function phaseOf(timer: Timer, now: number): Phase {
  const left = secondsLeft(timer, now);
  return left === 0 ? 'over' : left <= 60 ? 'last' : 'running';
}

const NEWS_MS = 15_000;

/**
 * What is to be said as a timer goes from one phase (null: it was not seen before) to another: each
 * once, when it happens. That time is up is no news to who comes back from sleep long after.
 */
export function timeNews(before: Phase | null, timer: Timer, now: number): Phase | null {
  const phase = phaseOf(timer, now);
  if (before === null || before === phase || phase === 'running') return null;
  if (phase === 'last') return before === 'running' ? 'last' : null;
  return timer.paused === null && now - timer.ends < NEWS_MS ? 'over' : null;
}

/** 65 → 1:05, 3605 → 1:00:05; minutes and seconds keep their width so that the bar stands still. */
export function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const [minutes, rest] = parts.map((value) => String(value).padStart(2, '0')) as [string, string];
  return hours > 0 ? `${hours}:${minutes}:${rest}` : `${Number(minutes)}:${rest}`;
}

/** How a board is voted on; a group's board as the shared board that it was made from. */
export function votingOn(desk: Desk, board: BoardInfo): Voting | null {
  const breakout = board.breakout === null ? undefined : desk.breakouts[board.breakout];
  return desk.votes[breakout?.board ?? board.id] ?? null;
}
