import { announce } from '../browser/announce.svelte';
import { t } from '../i18n/i18n';
import type { ReadOnlyReason } from '../workshop/rights';

interface Changeable {
  readonly mayWrite: boolean;
  readonly reason: ReadOnlyReason | null;
}

/** Whether the board may be changed here and now; to a key that does nothing it says why. */
export function mayChange({ mayWrite, reason }: Changeable): boolean {
  if (!mayWrite && reason) announce(t(READ_ONLY[reason]));
  return mayWrite;
}

const READ_ONLY = {
  observer: 'board.read-only.observer',
  locked: 'board.read-only.locked-waits',
  closed: 'board.read-only.closed',
} as const;
