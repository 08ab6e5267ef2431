import { t } from '../../i18n/i18n';
import type { AboutExport } from '../../workshop/api-types';

/** What a document can be made without. */
export const OPTIONS = ['groups', 'votes', 'links', 'results'] as const;
export type Option = (typeof OPTIONS)[number];

const COUNTED = [
  'boards',
  'notes',
  'groups',
  'votes',
  'links',
  'answers',
  'results',
  'experiments',
] as const;
/** Where nobody sees in which place a note stood. */
const TABLED: readonly string[] = ['pptx', 'xlsx', 'csv', 'md', 'ics'];

/** What will be in a document, in numbers; never nothing. */
export function contentsOf({ holds }: AboutExport): string[] {
  const told = COUNTED.filter((key) => (key === 'boards' ? holds.boards > 1 : holds[key] > 0));
  const lines = told.map((key) => t(`take.holds_${key}`, { n: holds[key] }));
  const isEmpty = told.every((key) => key === 'boards');
  return isEmpty ? [...lines, t('take.holds_nothing')] : lines;
}

/** What will not be in it, and why. */
export function leftOutOf({ holds, ungathered }: AboutExport, format: string): string[] {
  return [
    t('take.without_authors'),
    ...(holds.hidden_votes ? [t('take.without_votes')] : []),
    ...(ungathered > 0 ? [t('take.without_groups', { n: ungathered })] : []),
    ...(holds.unreleased > 0 ? [t('take.without_results')] : []),
    ...(TABLED.includes(format) ? [t('take.without_places')] : []),
  ];
}
