/** How an experiment is called: by the first line of what is tried, or by its number. */
import type { Experiment } from '../../document/experiments';
import type { FieldDefinition } from '../../workshop/workshop';
import { t } from '../../i18n/i18n';

const LONGEST = 80;

export function experimentName(
  { texts }: Experiment,
  fields: readonly FieldDefinition[],
  number: number,
): string {
  const first = fields.find(({ type }) => type === 'text');
  const [line = ''] = (first ? (texts[first.id] ?? '') : '').trim().split('\n');
  if (line === '') return t('plan.number', { n: number });
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}
