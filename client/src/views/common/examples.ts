import { t, tIfKnown } from '../../i18n/i18n';

/** What a note in this zone could say; null where the zone has no example of its own. */
export function exampleFor(zone: string): string | null {
  return tIfKnown(`board.example.${zone}`);
}

/** What stands before it: an example, or what is said of every zone. */
export function exampleLabel(zone: string): string {
  return exampleFor(zone) ? t('board.example-label') : t('board.tip-label');
}

/** The first zone teaches for all: it always has an example. */
export function firstExample(zone: string): string {
  return exampleFor(zone) ?? t('board.example');
}
