import { untrack } from 'svelte';
import type { Breakout, Group } from '../../workshop/desk';
import { sentenceOf } from '../../api/errors';
import { t } from '../../i18n/i18n';
import { toasts } from '../../browser/toasts.svelte';
import type { DeskState } from '../../navigation/desk.svelte';
import { breakoutsOf } from '../../workshop/place';
import { reportsOf } from '../merging/reports.svelte';

const TOAST_SECONDS = 30;

/** Group work that is over and not all on the shared board, newest first. */
export function lateWork(breakouts: readonly Breakout[]): Breakout[] {
  return breakouts.filter(({ state, groups }) => state === 'closed' && groups.some(isLate));
}

/** One sentence per group whose work waits. */
export function lateSentences(breakout: Breakout): { group: string; text: string }[] {
  return breakout.groups
    .filter(isLate)
    .map((group) => ({ group: group.id, text: sentenceFor(breakout, group) }));
}

function isLate({ late }: Group): boolean {
  return (late ?? null) !== null;
}

/** Before it was gathered at all, nothing is late: it is not there yet. */
function sentenceFor({ merged }: Breakout, { name, late }: Group): string {
  const n = late ?? 0;
  if (merged === null) {
    return n > 0 ? t('late.left', { group: name, n }) : t('late.left_else', { group: name });
  }
  return n > 0 ? t('late.came', { group: name, n }) : t('late.came_else', { group: name });
}

/** Tell a facilitator when something comes late, wherever they are. Answers what ends it. */
export function followLate(desk: DeskState): () => void {
  return $effect.root(() => {
    const before = new Map<string, string>();
    let begun = false;
    $effect(() => {
      if (!desk.loaded) return;
      const now = lateWork(breakoutsOf(desk.now));
      untrack(() => {
        for (const id of before.keys()) {
          if (!now.some((breakout) => breakout.id === id)) forget(before, id);
        }
        for (const breakout of now) {
          const text = lateSentences(breakout)
            .map((one) => one.text)
            .join(' · ');
          if (begun && before.get(breakout.id) !== text) tell(desk, breakout, text);
          before.set(breakout.id, text);
        }
        begun = true;
      });
    });
  });
}

function tell(desk: DeskState, breakout: Breakout, text: string): void {
  const gather = () =>
    void reportsOf(desk)
      .gather(breakout)
      .catch((error: unknown) => toasts.problem(sentenceOf(error).detail));
  toasts.show(text, {
    action: { label: t('late.gather'), run: gather },
    seconds: TOAST_SECONDS,
    topic: topicOf(breakout.id),
  });
}

function forget(before: Map<string, string>, id: string): void {
  before.delete(id);
  toasts.forget(topicOf(id));
}

const topicOf = (breakout: string) => `late-${breakout}`;
