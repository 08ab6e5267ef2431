import { t, tIfKnown } from '../lib/i18n';

/** What a note in this zone could say; a general word where the zone has no example of its own. */
export function exampleFor(zone: string): string {
  return tIfKnown(`board.example.${zone}`) ?? t('board.example');
}
