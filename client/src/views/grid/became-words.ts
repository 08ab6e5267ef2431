/** What a note became, or was before, in words. */
import { becameLinksOf } from '../../session/became-links.svelte';
import type { BoardSession } from '../../session/session.svelte';
import { t } from '../../i18n/i18n';
import { firstWords } from '../common/labels';

export interface BecameTold {
  /** Id of the link: two notes that begin alike are told in the same words. */
  readonly link: string;
  readonly words: string;
}

/** One sentence for each note of the row that it is linked with. */
export function becameInWords(session: BoardSession, note: string): BecameTold[] {
  if (session.view.kind !== 'grid') return [];
  return becameLinksOf(session)
    .of(note)
    .flatMap(({ link, side, note: other }) => {
      const item = session.state.item(other);
      return item ? [{ link, words: `${t(`links.became-${side}`)} ${firstWords(item.note)}` }] : [];
    });
}
