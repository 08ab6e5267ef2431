/** A link that takes whoever opens it to a note, on the board that it stands on. */
import type { BoardSession } from '../../session/session.svelte';
import { copyText } from '../../browser/copy';
import { addressOf } from '../../navigation/address';

export function copyNoteLink(session: BoardSession, note: string): void {
  const page = `${location.origin}${location.pathname}`;
  void copyText(addressOf(page, { board: session.board.id, kind: 'note', id: note }));
}
