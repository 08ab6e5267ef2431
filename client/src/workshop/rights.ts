/** Who may see and write a board, the twin of server/workshops/rights.py. The server decides; this shows. */
import type { Me } from './workshop';
import type { BoardInfo, Breakout } from './desk';

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
