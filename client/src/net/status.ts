/** What the badge says: the truth about one's own work, from the state of the connection. */

/**
 * offline: not connected, will try again. connecting: the first try. syncing: fetching the board.
 * sending: own edits are not durable yet. held: they wait here, as the server takes none for now.
 * saved: all of them are. refused: the server said no.
 */
export type SyncStatus =
  'offline' | 'connecting' | 'syncing' | 'sending' | 'held' | 'saved' | 'refused';

/** The server is heard: what it does not tell is not so. */
export function isLive(status: SyncStatus): boolean {
  return status !== 'offline' && status !== 'connecting' && status !== 'syncing';
}

export interface ConnectionState {
  readonly refused: boolean;
  /** closed also while the next try is pending. */
  readonly socket: 'closed' | 'connecting' | 'open';
  readonly synced: boolean;
  /** Failures since the last sync. */
  readonly attempt: number;
  readonly unsaved: number;
  /** The server takes edits. */
  readonly open: boolean;
}

export function statusOf(state: ConnectionState): SyncStatus {
  if (state.refused) return 'refused';
  if (state.socket !== 'open') return state.attempt > 0 ? 'offline' : 'connecting';
  if (!state.synced) return 'syncing';
  if (state.unsaved === 0) return 'saved';
  return state.open ? 'sending' : 'held';
}
