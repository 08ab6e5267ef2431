/** Since when what somebody did is looked at. */
type Milliseconds = number;

export const MINUTES = [5, 15, 60] as const;
const MINUTE: Milliseconds = 60_000;
const DAY: Milliseconds = 86_400_000;

/** `choice`: minutes, or "time" for `clock` ("HH:MM", the last time it was that). Null: no time. */
export function sinceOf(choice: string, clock: string, now: Milliseconds): Milliseconds | null {
  if (choice !== 'time') return now - Number(choice) * MINUTE;
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(clock) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const then = new Date(now).setHours(Number(hours), Number(minutes), 0, 0);
  return then <= now ? then : then - DAY;
}
