import { untrack } from 'svelte';
import { toasts } from '../browser/toasts.svelte';
import { t } from '../i18n/i18n';
import type { DeskState } from '../navigation/desk.svelte';
import type { Breakout } from '../workshop/desk';
import { breakoutsOf } from '../workshop/place';
import { reportsOf } from './merging/reports.svelte';

const TOLD_SECONDS = 30;

/** Group work that ends by itself: told to who leads, with what it brought home. Answers what ends it. */
export function followEnded(desk: DeskState): () => void {
  return $effect.root(() => {
    let before: ReadonlySet<string> = new Set();
    $effect(() => {
      if (!desk.loaded) return;
      const rounds = breakoutsOf(desk.now);
      const over = rounds.filter(({ id, state }) => state === 'closed' && before.has(id));
      const about = rounds.filter(({ state, recall }) => state === 'open' && recall !== null);
      before = new Set(about.map(({ id }) => id));
      untrack(() => over.forEach((round) => tell(desk, round)));
    });
  });
}

function tell(desk: DeskState, round: Breakout): void {
  toasts.show(t('recall.ended'), { seconds: TOLD_SECONDS, topic: 'recall' });
  // Without an answer the panel says what is not home yet.
  void reportsOf(desk)
    .hear(round)
    .catch(() => undefined);
}
