import {
  fill,
  find,
  foldedFor,
  isLanguage,
  isolated,
  LANGUAGES,
  type Catalogue,
  type Language,
  type Localised,
  type TextKey,
  type Vars,
} from './texts';

type Load = () => Promise<{ default: Catalogue }>;

/** What every page needs and, in a file of its own, the rest: client/bundling/texts.ts. */
const LOADERS: Record<Language, { first: Load; later: Load }> = {
  fi: { first: () => import('$i18n/fi.json?first'), later: () => import('$i18n/fi.json?later') },
  sv: { first: () => import('$i18n/sv.json?first'), later: () => import('$i18n/sv.json?later') },
  en: { first: () => import('$i18n/en.json?first'), later: () => import('$i18n/en.json?later') },
};
const YEAR_SECONDS = 31_536_000;

const NONE: Catalogue = {};

/** The reader's language and its texts; whatever calls `t` is drawn again when they change. */
class Reader {
  language = $state<Language>('fi');
  catalogue = $state.raw<Catalogue>(NONE);
  /** Are all texts here, or only those that come first? */
  whole = false;
}

const reader = new Reader();

/** The text of `key` in the reader's language. A key no catalogue has is shown as it is. */
export function t(key: TextKey, vars: Vars = {}): string {
  return tIfKnown(key, vars) ?? (isPartial() ? '' : key);
}

/** Like `t`, for keys that may not exist (error codes of a newer server): null then. */
export function tIfKnown(key: string, vars: Vars = {}): string | null {
  const text = find(reader.catalogue, reader.language, key, vars);
  if (text === null && isPartial()) askForAll();
  return text;
}

/** There are texts, and more of them to come. */
function isPartial(): boolean {
  return !reader.whole && reader.catalogue !== NONE;
}

let asked: Promise<void> | null = null;

function askForAll(): void {
  asked ??= loadAllTexts()
    .catch(() => undefined) // asked for again with the next one that is missing
    .finally(() => (asked = null));
}

/** The reader's language; reactive. */
export function language(): Language {
  return reader.language;
}

/** A workbook text in the reader's language, else in another one: a workbook may lack some. */
export function inMyLanguage(text: Localised): string {
  return text[reader.language] || text.fi || (Object.values(text).find(Boolean) ?? '');
}

/** Several of them; those without words are left out. */
export function allInMyLanguage(texts: readonly Localised[]): string[] {
  return texts.map(inMyLanguage).filter(Boolean);
}

/**
 * Load a catalogue and show it; called once before the page is drawn and by the language switch.
 * `whole`: not only what comes first.
 */
export async function useLanguage(wanted: string, whole = reader.whole): Promise<void> {
  const chosen = isLanguage(wanted) ? wanted : 'fi';
  reader.whole ||= whole;
  const others = chosen === reader.language ? [] : [...along].map((load) => load());
  const [texts] = await Promise.all([textsIn(chosen), ...others]);
  show(chosen, texts);
}

const along = new Set<() => Promise<void>>();

/** What has to be here too before another language is shown. Returns what calls it off. */
export function comesAlong(load: () => Promise<void>): () => void {
  along.add(load);
  return () => along.delete(load);
}

/** The texts that do not come first. Once they are here, another language comes whole too. */
export async function loadAllTexts(): Promise<void> {
  if (reader.whole) return;
  const { later } = LOADERS[reader.language];
  await later();
  reader.whole = true;
  show(reader.language, await textsIn(reader.language)); // it may have been switched meanwhile
}

async function textsIn(chosen: Language): Promise<Catalogue> {
  const { whole } = reader;
  const { first, later } = LOADERS[chosen];
  const parts = await Promise.all(whole ? [first(), later()] : [first()]);
  if (whole !== reader.whole) return textsIn(chosen);
  return Object.assign({}, ...parts.map((part) => part.default)) as Catalogue;
}

function show(chosen: Language, catalogue: Catalogue): void {
  reader.catalogue = catalogue;
  reader.language = chosen;
  document.documentElement.lang = chosen;
}

/** Switch and remember; rejects when the texts do not come: the server reads the same cookie for its pages and errors. */
export async function switchLanguage(wanted: Language): Promise<void> {
  await useLanguage(wanted);
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `hahmo_lang=${wanted}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`;
}

/** Clock time such as 14.05 or 14:05, from milliseconds since 1970. */
export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(dateLocale(), { timeStyle: 'short' }).format(at);
}

/** A day (`YYYY-MM-DD`) such as 14.5.2026 or 14 May 2026. */
export function dayWords(day: string): string {
  const format = new Intl.DateTimeFormat(dateLocale(), { dateStyle: 'medium', timeZone: 'UTC' });
  return format.format(Date.parse(day));
}

/** The month of a day, short; with its year where a year begins. */
export function monthWords(day: string): string {
  const year = day.slice(5, 7) === '01' ? ({ year: 'numeric' } as const) : {};
  const options = { month: 'short', timeZone: 'UTC', ...year } as const;
  return new Intl.DateTimeFormat(dateLocale(), options).format(Date.parse(day));
}

/** English as it is read in Finland has the day before the month, and a day of 24 hours. */
function dateLocale(): string {
  return reader.language === 'en' ? 'en-GB' : reader.language;
}

const NEARLY = 3; // seconds: so far from a whole minute, it is one

/** "5 minutes" or "1 minute 30 seconds", in words that are read aloud well. */
export function duration(seconds: number): string {
  const minute = Math.round(seconds / 60) * 60;
  const total = minute > 0 && Math.abs(seconds - minute) <= NEARLY ? minute : seconds;
  const [minutes, rest] = [Math.floor(total / 60), total % 60];
  const words = (value: number, unit: string) =>
    new Intl.NumberFormat(dateLocale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  const parts = [minutes > 0 ? words(minutes, 'minute') : '', words(rest, 'second')];
  return parts
    .slice(0, minutes > 0 && rest === 0 ? 1 : 2)
    .join(' ')
    .trim();
}

/** "2 minutes ago" from a duration in milliseconds; under ten seconds is now. */
export function ago(elapsed: number): string {
  const format = new Intl.RelativeTimeFormat(reader.language, { numeric: 'auto' });
  const seconds = Math.max(0, Math.round(elapsed / 1000));
  if (seconds < 10) return format.format(0, 'second');
  if (seconds < 60) return format.format(-10 * Math.floor(seconds / 10), 'second');
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return format.format(-Math.floor(seconds / 3600), 'hour');
  return format.format(-Math.floor(seconds / 86_400), 'day');
}

/** Names and titles in the order that readers of this language know; numbers by their value. */
export function compare(one: string, other: string): number {
  return collator(dateLocale()).compare(one, other);
}

const collators = new Map<string, Intl.Collator>();

function collator(locale: string): Intl.Collator {
  const known = collators.get(locale) ?? new Intl.Collator(locale, { numeric: true });
  collators.set(locale, known);
  return known;
}

/** A text as it is looked for: whatever its case, its width and the accents that are no letters. */
export function searchable(text: string): string {
  return foldedFor(text, reader.language);
}

/** "A, B and C" in the reader's language; names that run the other way keep their places. */
export function listOf(items: readonly string[]): string {
  return new Intl.ListFormat(reader.language, { type: 'conjunction' }).format(items.map(isolated));
}

/** The same of many: the first ones, and how many others. */
export function listOfSome(items: readonly string[], most: number): string {
  if (items.length <= most) return listOf(items);
  const rest = items.length - most + 1;
  return listOf([...items.slice(0, most - 1), t('app.others', { n: rest })]);
}

export { fill, LANGUAGES };
export type { Language, Localised, TextKey, Vars };
