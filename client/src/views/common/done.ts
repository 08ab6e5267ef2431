import { announce } from '../../browser/announce.svelte';
import { inMyLanguage, t } from '../../i18n/i18n';
import { isLive } from '../../net/status';
import type { BoardSession } from '../../session/session.svelte';

/** How writing a note ended: by Escape or a button, by Ctrl+Enter, or by going elsewhere. */
export type DoneBy = 'key' | 'next' | 'leaving';

/** How long a note that was just written stands out, in milliseconds. */
export const FLASH_MS = 2_000;

/** A note is written: where it stands is said, and it flashes once. */
export function tellWritten(session: BoardSession, id: string): void {
  const item = session.state.item(id);
  const zone = session.state.zoneOf(id);
  if (!item || !zone) return;
  const key = isLive(session.status) ? 'note.saved' : 'note.waits';
  announce(t(key, { zone: inMyLanguage(zone.spec.title) }));
  item.written = true;
  setTimeout(() => (item.written = false), FLASH_MS);
}
