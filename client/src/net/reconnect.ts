/** What follows a closed connection, decided without clocks and sockets. */

export type Milliseconds = number;

export type Verdict =
  | { readonly kind: 'stop'; readonly code: number }
  | { readonly kind: 'retry'; readonly after: Milliseconds };

const RIGHTS_CHANGED = 4510;
const FIRST_CEILING: Milliseconds = 400;
const LAST_CEILING: Milliseconds = 15_000;
const AT_ONCE: Milliseconds = 250;

/**
 * Close codes from 4400 to 4499 are final, all others pass (docs/protocol.md). `attempt` counts
 * failures since the last sync, from 0; `dice` in [0, 1) spreads a whole workshop's return.
 */
export function onClose(code: number, attempt: number, dice: number): Verdict {
  if (code >= 4400 && code < 4500) return { kind: 'stop', code };
  if (code === RIGHTS_CHANGED && attempt === 0) return { kind: 'retry', after: AT_ONCE * dice };
  const ceiling = Math.min(LAST_CEILING, FIRST_CEILING * 2 ** attempt);
  return { kind: 'retry', after: (ceiling * (1 + dice)) / 2 };
}

/** What was sent may be at fault, and would be again: malformed, forbidden, too large, or refused. */
export function blamesEdits(code: number): boolean {
  return [4400, 4403, 4413, 4422].includes(code);
}

/** The server speaks each 12 s at least; y-websocket gives up after as long. */
const SILENCE: Milliseconds = 30_000;
/** Own edits are acknowledged within moments where the way is open. */
const ACK_SILENCE: Milliseconds = 10_000;

/** A socket opens in a few turns of the network, or something on the way swallows it. */
const OPENING: Milliseconds = 6_000;

/** True when a socket is to be taken for dead: nothing heard for too long. */
export function isStale(
  silence: Milliseconds,
  socket: { readonly isOpen: boolean; readonly waitsForAck: boolean },
): boolean {
  if (!socket.isOpen) return silence > OPENING;
  return silence > (socket.waitsForAck ? ACK_SILENCE : SILENCE);
}
