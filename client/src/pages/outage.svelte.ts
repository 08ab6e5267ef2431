import { untrack } from 'svelte';
import { t } from '../lib/i18n';
import { toasts } from '../lib/toasts.svelte';
import type { SyncStatus } from '../net/status';
import { line } from './line.svelte';

const OUTAGE_MS = 3_000;

/**
 * An outage is told when it lasts, and its end when it was told and nothing `waits` on this device any
 * more, for no board. Called while mounting.
 */
export function followOutage(status: () => SyncStatus | undefined, waits: () => boolean): void {
  const lost = $derived(status() === 'offline' && !line.blocked);
  let told: number | null = null;
  let owed = $state(false);
  $effect(() => {
    if (!lost) return;
    const waiting = setTimeout(() => {
      told = toasts.show(t('workshop.connection_lost'), { seconds: Infinity });
    }, OUTAGE_MS);
    return () => clearTimeout(waiting);
  });
  // A banner says more then.
  $effect(() => {
    if (line.blocked) untrack(() => told !== null && toasts.close(told));
  });
  $effect(() => {
    if (status() !== 'saved' || told === null) return;
    toasts.close(told);
    told = null;
    owed = true;
  });
  $effect(() => {
    if (!owed || status() !== 'saved' || waits()) return;
    owed = false;
    toasts.show(t('workshop.connection_back'));
  });
}
