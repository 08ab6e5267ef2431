/** What follows a closed connection, decided without clocks and sockets. */

export type Milliseconds = number;

export type Verdict =
  | { readonly kind: 'stop'; readonly code: number }
  | { readonly kind: 'retry'; readonly after: Milliseconds };

const RIGHTS_CHANGED = 4510;
const RESTARTING = 1012;
const FIRST_CEILING: Milliseconds = 400;
const LAST_CEILING: Milliseconds = 15_000;
const AT_ONCE: Milliseconds = 250;
const LONGEST_SPREAD: Milliseconds = 10_000;

/**
 * Close codes from 4400 to 4499 are final, all others pass (docs/protocol.md). `attempt` counts
 * failures since the last sync, from 0; `dice` in [0, 1) spreads a whole workshop's return.
 * `reason`: of a server that ends, within how many milliseconds all are to come back.
 */
export function onClose(code: number, attempt: number, dice: number, reason = ''): Verdict {
  if (code >= 4400 && code < 4500) return { kind: 'stop', code };
  if (code === RIGHTS_CHANGED && attempt === 0) return { kind: 'retry', after: AT_ONCE * dice };
  if (code === RESTARTING && attempt === 0 && /^\d{1,6}$/.test(reason))
    return { kind: 'retry', after: Math.min(LONGEST_SPREAD, Number(reason)) * dice };
  const ceiling = Math.min(LAST_CEILING, FIRST_CEILING * 2 ** attempt);
  return { kind: 'retry', after: (ceiling * (1 + dice)) / 2 };
}

/** What was sent may be at fault, and would be again: malformed, forbidden, too large, or refused. */
export function blamesEdits(code: number): boolean {
  return [4400, 4403, 4413, 4422].includes(code);
}

/**
 * opening: no answer to the handshake. greeting: not a word. loading: the server has spoken, and its
 * whole answer is on the way. synced: from then on.
 */
export type Stage = 'opening' | 'greeting' | 'loading' | 'synced';

const LONGEST_SILENCE: Readonly<Record<Stage, Milliseconds>> = {
  // A few turns of the network, or something on the way swallows it.
  opening: 6_000,
  // A board that nobody had open may first have to be read.
  greeting: 15_000,
  // A whole board is one message, of which nothing is seen before its end.
  loading: 90_000,
  // The server speaks each 12 s at least; y-websocket gives up after as long.
  synced: 30_000,
};
/** Own edits are acknowledged within moments where the way is open. */
const ACK_SILENCE: Milliseconds = 10_000;

/** True when a socket is to be taken for dead: nothing heard for too long. */
export function isStale(silence: Milliseconds, stage: Stage, waitsForAck: boolean): boolean {
  const isAckDue = stage === 'synced' && waitsForAck;
  return silence > (isAckDue ? ACK_SILENCE : LONGEST_SILENCE[stage]);
}
