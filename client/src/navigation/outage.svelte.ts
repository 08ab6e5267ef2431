import { untrack } from 'svelte';
import { t } from '../i18n/i18n';
import { reached } from '../api/reached.svelte';
import { toasts } from '../browser/toasts.svelte';
import { isLive, type SyncStatus } from '../net/status';
import { line } from './line.svelte';

const OUTAGE_MS = 3_000;

interface Work {
  status: () => SyncStatus | undefined;
  /** Whether one may write here: only then is it of use to go on. */
  writes: () => boolean;
  /** Something waits on this device, for whatever board. */
  waits: () => boolean;
  /** Something of the open board does. */
  unsaved: () => boolean;
}

/**
 * An outage is told when it lasts, and its end when it was told and nothing waits any more: that all
 * is saved only where something was to be saved. Called while mounting.
 */
export function followOutage({ status, writes, waits, unsaved }: Work): void {
  const lost = $derived(status() === 'offline' && !line.blocked);
  const heard = $derived(isLive(status() ?? 'offline'));
  let toast: number | null = null;
  let owed = $state(false);
  /** Something was done meanwhile that had to wait. */
  let worked = false;
  $effect(() => {
    if (lost && (waits() || unsaved())) worked = true;
  });
  $effect(() => {
    if (!lost) return;
    const waiting = setTimeout(() => {
      const text = t(writes() ? 'workshop.connection_lost' : 'workshop.connection_lost_reading');
      toast = toasts.show(text, { seconds: Infinity });
    }, OUTAGE_MS);
    return () => clearTimeout(waiting);
  });
  // A banner says more then.
  $effect(() => {
    if (line.blocked) untrack(() => toast !== null && toasts.close(toast));
  });
  $effect(() => {
    if (!heard) return;
    untrack(() => (reached.times += 1));
    if (toast === null) return;
    toasts.close(toast);
    toast = null;
    owed = true;
  });
  $effect(() => {
    if (!owed || status() !== 'saved' || waits()) return;
    owed = false;
    toasts.show(t(worked ? 'workshop.connection_back' : 'workshop.connection_back_only'));
    worked = false;
  });
}
