/** The day's agenda: which board is when, where everybody is, and how far over or under. */
import type { Reached } from '../desk';

const MINUTE_MS = 60_000;

/** A board on the way. `minutes`: planned, 0 for none. */
export interface Step {
  readonly id: string;
  readonly minutes: number;
}

export interface Planned extends Step {
  /** Milliseconds since 1970; null where no time of the day is planned. */
  readonly begins: number | null;
  readonly ends: number | null;
}

export interface Agenda {
  readonly steps: readonly Planned[];
  /** Where everybody is among them; -1 before they have come anywhere. */
  readonly at: number;
  /** Whole minutes on the board so far. */
  readonly spent: number;
  /** Whole minutes behind the plan; below zero ahead of it; null where there is none. */
  readonly over: number | null;
  /** When all is done, as it goes now; null where it is not known. */
  readonly end: number | null;
}

/** `starts`: board → its planned time of the day; a board without one follows the one before. */
export function agendaOf(
  steps: readonly Step[],
  starts: Readonly<Record<string, number>>,
  reached: Reached | null,
  now: number,
): Agenda {
  const planned = plan(steps, starts);
  const at = planned.findIndex(({ id }) => id === reached?.board);
  const here = planned[at];
  if (!here || !reached)
    return { steps: planned, at: -1, spent: 0, over: null, end: lastOf(planned) };
  const late = lateness(here, reached, now);
  const left = planned.slice(at + 1).reduce((sum, { minutes }) => sum + minutes, 0);
  const last = lastOf(planned);
  return {
    steps: planned,
    at,
    spent: wholeMinutes(Math.max(0, now - reached.at)),
    over: late === null ? null : wholeMinutes(late),
    // By the clock, pauses between boards and all; else what is left from here on.
    end:
      last !== null && late !== null
        ? last + late
        : Math.max(now, reached.at + here.minutes * MINUTE_MS) + left * MINUTE_MS,
  };
}

function plan(steps: readonly Step[], starts: Readonly<Record<string, number>>): Planned[] {
  let before: number | null = null;
  return steps.map((step) => {
    const begins: number | null = starts[step.id] ?? before;
    const ends = begins === null ? null : begins + step.minutes * MINUTE_MS;
    before = ends;
    return { ...step, begins, ends };
  });
}

const lastOf = (planned: readonly Planned[]): number | null => planned.at(-1)?.ends ?? null;

/**
 * Milliseconds: by how much it began late, or is longer than planned, whichever is more. Who began early
 * is ahead until that time is used up.
 */
function lateness(here: Planned, reached: Reached, now: number): number | null {
  const length = here.minutes * MINUTE_MS;
  if (here.begins !== null && here.ends !== null)
    return Math.max(reached.at - here.begins, now - here.ends);
  return here.minutes === 0 ? null : Math.max(0, now - reached.at - length);
}

function wholeMinutes(milliseconds: number): number {
  return Math.trunc(milliseconds / MINUTE_MS) + 0; // no minus zero
}

/** "9:05" on the day of `day`, both by this device's clock; null for what is no time. */
export function timeOn(day: number, text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  if (hours > 23 || minutes > 59) return null;
  return new Date(day).setHours(hours, minutes, 0, 0);
}

/** As a field for times of the day holds it. */
export function fieldTime(at: number | null): string {
  if (at === null) return '';
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
