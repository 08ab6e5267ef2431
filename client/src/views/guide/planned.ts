import { t } from '../../i18n/i18n';

/** What is planned for a board, in words; `minutes`: from and to. */
export function plannedMinutes([from = 0, to = from]: readonly number[]): string {
  return from === to ? t('guide.minutes-exact', { n: to }) : t('guide.minutes', { from, to });
}
