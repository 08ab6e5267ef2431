import type { Snapshot } from '../../workshop/api-types';
import { t } from '../../i18n/i18n';

/** What a snapshot is called: by hand as somebody named it, else by why it was taken. */
export function titleOf({ cause, name }: Snapshot): string {
  return cause === 'by_hand' ? name : t(`snapshots.cause.${cause}`);
}
