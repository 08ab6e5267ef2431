import type fi from '$i18n/fi.json';

/** The languages of the interface; each also names itself in the switch. */
export const LANGUAGES = { fi: 'Suomi', sv: 'Svenska', en: 'English' } as const;
export type Language = keyof typeof LANGUAGES;

/** A text of the workbook: one string per language. */
export type Localised = Record<Language, string>;

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
    return typeof value === 'number' ? formatNumber(value, language) : value;
  });
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

const numbers = new Map<Language, Intl.NumberFormat>();

function formatNumber(value: number, language: Language): string {
  const known = numbers.get(language) ?? new Intl.NumberFormat(language);
  numbers.set(language, known);
  return known.format(value);
}
