/** Group work that was given notice: what of it is to be shown, and what to be said. */
import type { Breakout, Desk, Recall } from './desk';
import { breakoutsOf, seatOf } from './place';
import type { Me } from './workshop';

/** The group work that ends by itself, as far as it is of interest to somebody. */
export function recalled(desk: Desk, me: Me): (Breakout & { readonly recall: Recall }) | null {
  const found = breakoutsOf(desk).find(({ state, recall }) => state === 'open' && recall !== null);
  if (!found?.recall) return null;
  const concerns = me.role === 'facilitator' || seatOf(desk, me.id)?.breakout.id === found.id;
  return concerns ? { ...found, recall: found.recall } : null;
}

/** Whole seconds until a time, never below zero. Both in milliseconds by the server's clock. */
export function secondsUntil(ends: number, now: number): number {
  return Math.max(0, Math.ceil((ends - now) / 1000));
}

/** What is known at one moment. `open`: the group work of before is still going on. */
export interface Notice {
  readonly id: string;
  readonly ends: number;
  readonly left: number;
}
export type RecallNews = 'begun' | 'changed' | 'minute' | 'seconds' | 'off';
const MINUTE = 60;
const SECONDS = 10;

/**
 * What is to be said as time goes by, each once. `open`: whether the group work of before goes on
 * still; when it does not, its end is told elsewhere.
 */
export function recallNews(
  before: Notice | null,
  now: Notice | null,
  open: (breakout: string) => boolean,
): RecallNews | null {
  if (now === null) return before !== null && open(before.id) ? 'off' : null;
  if (before === null || before.id !== now.id) return 'begun';
  if (before.ends !== now.ends) return 'changed';
  const passes = (mark: number) => before.left > mark && now.left <= mark && now.left > 0;
  return passes(MINUTE) ? 'minute' : passes(SECONDS) ? 'seconds' : null;
}
