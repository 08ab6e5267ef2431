/** Who may see and write a board, the twin of server/workshops/rights.py. The server decides; this shows. */
import type { Me } from './workshop';
import type { BoardInfo, BoardRights, Breakout, Desk, LockedParts } from './desk';

export type ReadOnlyReason = 'observer' | 'locked' | 'closed';

export interface Rights {
  readonly maySee: boolean;
  readonly mayWrite: boolean;
  /** Why one who may see may not write. */
  readonly reason: ReadOnlyReason | null;
}

export interface RightsContext {
  readonly locks: Readonly<Record<string, boolean>>;
  readonly breakouts: Readonly<Record<string, Breakout>>;
}

const NOTHING: Rights = { maySee: false, mayWrite: false, reason: null };
const EVERYTHING: Rights = { maySee: true, mayWrite: true, reason: null };

export function rightsOn(board: BoardInfo, me: Me, desk: RightsContext): Rights {
  if (me.role === 'facilitator') return EVERYTHING;
  if (board.group !== null) return rightsInGroup(board, me, desk);
  if (me.role === 'observer') return readOnly('observer');
  return desk.locks[board.id] === true ? readOnly('locked') : EVERYTHING;
}

function rightsInGroup(board: BoardInfo, me: Me, desk: RightsContext): Rights {
  const breakout = board.breakout === null ? undefined : desk.breakouts[board.breakout];
  const group = breakout?.groups.find(({ id }) => id === board.group);
  if (!breakout || me.role === 'observer' || !group?.people.includes(me.id)) return NOTHING;
  return breakout.state === 'open' ? EVERYTHING : readOnly('closed');
}

function readOnly(reason: ReadOnlyReason): Rights {
  return { maySee: true, mayWrite: false, reason };
}

// -- with notes ------------------------------------------------------------------------------

/** What one may do with the notes of a board, as far as one may write there at all. */
export type Verb = 'edit' | 'move' | 'delete';
export const VERBS: readonly Verb[] = ['edit', 'move', 'delete'];

/** In the place of a board's id: those that have no rights of their own. */
export const EVERY_BOARD = '*';

export const UNBOUND: BoardRights = {
  add: true,
  edit: 'all',
  move: 'all',
  delete: 'all',
  most: null,
  anonymous: false,
};

export const NOTHING_LOCKED: LockedParts = { zones: [], notes: [] };

interface BoundsContext {
  readonly rights: Readonly<Record<string, BoardRights>>;
  readonly breakouts: Readonly<Record<string, Breakout>>;
}

/** As far as they may write there at all; a group's board has the rights of its shared board. */
export function boundsOn(board: BoardInfo, me: Me, desk: BoundsContext): BoardRights {
  if (me.role === 'facilitator') return UNBOUND;
  const breakout = board.breakout === null ? undefined : desk.breakouts[board.breakout];
  return desk.rights[breakout?.board ?? board.id] ?? desk.rights[EVERY_BOARD] ?? UNBOUND;
}

/** What is locked on a board, for whomever it holds. */
export function lockedOn(
  { id, breakout }: BoardInfo,
  desk: Pick<Desk, 'locked_parts' | 'breakouts'>,
): LockedParts {
  const round = breakout === null ? undefined : desk.breakouts[breakout];
  return desk.locked_parts[round?.board ?? id] ?? NOTHING_LOCKED;
}

/** Whether it may be done with all notes that have these authors. */
export function mayDo(
  bounds: BoardRights,
  verb: Verb,
  authors: readonly (string | null)[],
  me: string,
): boolean {
  const scope = bounds[verb];
  return scope === 'all' || (scope === 'own' && authors.every((author) => author === me));
}
