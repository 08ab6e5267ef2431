/** Which of many people one means: by what they did, and when they came. */
import type { Seen } from '../../api/api';

/** `idle`: did nothing; `silent`: wrote nothing, though some of them were here; or everybody. */
export type Meant = 'idle' | 'silent' | 'all';
export const MEANT: readonly Meant[] = ['idle', 'silent', 'all'];

/** When somebody came, by the reader's clock, as a field for day and time tells it; '' is any. */
export interface Span {
  readonly from: string;
  readonly until: string;
}

const MINUTE_MS = 60_000;

/** By arrival; never a facilitator. `until` counts to the end of its minute. */
export function fitting(people: readonly Seen[], meant: Meant, { from, until }: Span): Seen[] {
  const first = momentOf(from) ?? -Infinity;
  const end = (momentOf(until) ?? Infinity) + MINUTE_MS;
  return people.filter(
    ({ role, did, joined }) =>
      role !== 'facilitator' &&
      (meant === 'all' || did === 'nothing' || (meant === 'silent' && did === 'stayed')) &&
      first <= joined &&
      joined < end,
  );
}

function momentOf(field: string): number | null {
  const moment = new Date(field).getTime();
  return Number.isNaN(moment) ? null : moment;
}
