/** Days of the calendar as `YYYY-MM-DD`: texts that compare as the days do, in no time zone. */
const DAY_MS = 86_400_000;
/** What a date field says while a year is being typed lies outside. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2199;

/** Whether a text is a day of these years; the twin of `is_date` in boards/schema.py. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(text);
  const year = Number(text.slice(0, 4));
  const isReal = !Number.isNaN(at) && isoDay(at) === text;
  return isReal && year >= FIRST_YEAR && year <= LAST_YEAR;
}

/** The day at a moment in UTC. `at`: milliseconds since 1970. */
export function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Today where the reader is. `at`: milliseconds since 1970. */
export function localDay(at: number): string {
  return isoDay(at - new Date(at).getTimezoneOffset() * 60_000);
}

/** How many days after 1970 began. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY_MS);
}

export function addDays(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * DAY_MS);
}
