/** Boards of a workbook as tests make them: what a test does not look at is empty. */
import type { Localised } from '../../i18n/texts';
import type { BoardDefinition, RowDefinition, ZoneDefinition } from '../workshop';

export const text = (word: string): Localised => ({ fi: word, sv: word, en: word });

export const zone = (id: string): ZoneDefinition => ({
  id,
  title: text(id),
  prompt: text(`${id}?`),
  tint: 0,
});

export const row = (id: string, page = 1): RowDefinition => ({
  id,
  page,
  title: text(id),
  questions: [],
});

export function definition(
  kind: string,
  parts: Pick<BoardDefinition, 'zones' | 'columns' | 'rows'>,
): BoardDefinition {
  const words = { title: text(kind), intro: text(''), principles: [] };
  return { key: kind, kind, stage: 's', minutes: [5, 10], ...words, ...parts };
}
