/** What a note became, or was before, in words. */
import { tiesOf } from '../../core/became.svelte';
import type { BoardSession } from '../../core/session.svelte';
import { t } from '../../lib/i18n';
import { firstWords } from '../labels';

/** One sentence for each note of the row that it is tied to. */
export function becameInWords(session: BoardSession, note: string): string[] {
  if (session.view.kind !== 'grid') return [];
  return tiesOf(session)
    .of(note)
    .flatMap(({ side, note: other }) => {
      const item = session.state.item(other);
      return item ? [`${t(`links.became-${side}`)} ${firstWords(item.note)}`] : [];
    });
}
