import type fi from '$i18n/fi.json';

/** The languages of the interface; each also names itself in the switch. */
export const LANGUAGES = { fi: 'Suomi', sv: 'Svenska', en: 'English' } as const;
export type Language = keyof typeof LANGUAGES;

/** A text of the workbook: one string for each of its languages, which need not be all. */
export type Localised = Readonly<Partial<Record<Language, string>>>;

type Base<K extends string> = K extends `${infer B}.one` | `${infer B}.other` ? B : K;
/** Every text the catalogue holds; a plural pair `key.one` / `key.other` is the one key `key`. */
export type TextKey = Base<keyof typeof fi & string>;

/** Values for placeholders; `n` also chooses the plural form. */
export type Vars = Record<string, string | number>;
export type Catalogue = Readonly<Record<string, string>>;

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && value in LANGUAGES;
}

/** Fill `{name}` placeholders; one without a value stays visible, so that it is noticed. */
export function fill(text: string, vars: Vars, language: Language): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = vars[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? formatNumber(value, language) : isolated(value);
  });
}

const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Words that run from right to left stand inside ours as one piece, or brackets and numbers beside
 * them change places. The twin of `isolated` in server/i18n. Source: UAX #9, FSI and PDI.
 */
export function isolated(words: string): string {
  return RIGHT_TO_LEFT.test(words) ? `\u2068${words}\u2069` : words;
}

/** The text of `key`, in the plural form that `n` asks for; null when the catalogue lacks it. */
export function find(
  catalogue: Catalogue,
  language: Language,
  key: string,
  vars: Vars = {},
): string | null {
  const text = catalogue[pluralKey(catalogue, language, key, vars['n'])] ?? catalogue[key];
  return text === undefined ? null : fill(text, vars, language);
}

function pluralKey(
  catalogue: Catalogue,
  language: Language,
  key: string,
  n: string | number | undefined,
): string {
  if (typeof n !== 'number') return `${key}.other`;
  const exact = `${key}.${pluralRules(language).select(n)}`;
  return exact in catalogue ? exact : `${key}.other`;
}

const rules = new Map<Language, Intl.PluralRules>();

function pluralRules(language: Language): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}

/** Letters of their own in Finnish and Swedish, which are no A or O with something above. */
const OWN_LETTERS = /([åäö])/;

/** A text to compare a search with: without case, width and accents, as the language counts letters. */
export function foldedFor(text: string, language: Language): string {
  const plain = text.normalize('NFKC').toLocaleLowerCase(language);
  const parts = language === 'en' ? [plain] : plain.split(OWN_LETTERS);
  return parts
    .map((part) =>
      language !== 'en' && OWN_LETTERS.test(part)
        ? part
        : part.normalize('NFD').replace(/\p{M}/gu, ''),
    )
    .join('');
}

const numbers = new Map<Language, Intl.NumberFormat>();

function formatNumber(value: number, language: Language): string {
  const known = numbers.get(language) ?? new Intl.NumberFormat(language);
  numbers.set(language, known);
  return known.format(value);
}
