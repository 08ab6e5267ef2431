/** Where the days of experiments lie on a picture: shares of its width, from 0 to 1. */
import { addDays, dayNumber, isoDay } from '../document/days';
import { isCrossed, type Experiment } from '../document/experiments';

export interface Bar {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly checks: readonly number[];
}

export interface Timeline {
  /** First days of months, also the one in which it begins. */
  readonly months: readonly { readonly day: string; readonly at: number }[];
  /** Of an experiment that ends before it starts there is no bar. */
  readonly bars: readonly Bar[];
  /** Null when it lies outside the picture. */
  readonly today: number | null;
}

/** At least so many days are shown, so that a short experiment does not fill the picture. */
const LEAST_DAYS = 28;
const MARGIN_DAYS = 3;
const MOST_MONTHS = 12; // named; of a longer time only every second, third, …

/** Null when no experiment has a day. */
export function timelineOf(experiments: readonly Experiment[], today: string): Timeline | null {
  const dated = experiments.flatMap((experiment) => {
    const days = daysOf(experiment);
    return days.length === 0 ? [] : [{ experiment, days }];
  });
  const all = dated.flatMap(({ days }) => days).sort();
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return null;
  const start = addDays(first, -MARGIN_DAYS);
  const length = Math.max(LEAST_DAYS, dayNumber(last) - dayNumber(start) + 1 + MARGIN_DAYS);
  const share = (day: string) => (dayNumber(day) - dayNumber(start)) / length;
  const now = share(today);
  return {
    months: monthsFrom(start, length).map((day) => ({ day, at: Math.max(0, share(day)) })),
    bars: dated
      .filter(({ experiment }) => !isCrossed(experiment))
      .map(({ experiment: { id, checks }, days }) => ({
        id,
        from: share(days[0] ?? first),
        to: share(addDays(days.at(-1) ?? last, 1)),
        checks: checks.map((day) => share(day) + 0.5 / length),
      })),
    today: now >= 0 && now < 1 ? now + 0.5 / length : null,
  };
}

function daysOf({ start, end, checks }: Experiment): string[] {
  return [start, end, ...checks].filter((day) => day !== null).sort();
}

function monthsFrom(start: string, length: number): string[] {
  const end = addDays(start, length);
  const [year, month] = start.split('-').map(Number) as [number, number];
  const first = (n: number) => isoDay(Date.UTC(year, month - 1 + n, 1));
  const months: string[] = [];
  for (let n = 0; first(n) < end; n += 1) months.push(first(n));
  const step = Math.ceil(months.length / MOST_MONTHS);
  return months.filter((_, n) => n % step === 0);
}
