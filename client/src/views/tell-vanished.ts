/** Who leads is told when somebody clears the board of others' notes, and can bring these back. */
import type { BoardSession } from '../core/session.svelte';
import { hearVanished, othersAmong, UNASKED, type Vanished } from '../core/vanished';
import { t } from '../lib/i18n';

/** Listen while the board is open; gives how to stop. */
export function tellVanished(session: BoardSession): () => void {
  if (session.me.role !== 'facilitator') return () => undefined;
  return hearVanished(session.doc, (vanished) => {
    if (session.loaded) tell(session, vanished);
  });
}

function tell({ presence, workspace }: BoardSession, { client, authors }: Vanished): void {
  const who = presence.others.find((other) => other.client === client) ?? null;
  if (othersAmong(authors.values(), who?.person ?? null) <= UNASKED) return;
  const name = who?.name ?? t('note.somebody');
  const text = t('note.vanished', { name, n: authors.size });
  workspace.offerBack(text, [...authors.keys()], { label: t('note.bring-these-back') });
}
