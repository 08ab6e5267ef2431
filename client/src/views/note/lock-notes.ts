/** Locks notes of a board, or lets them go, for who leads. */
import { api } from '../../api/api';
import { sentenceOf } from '../../api/errors';
import { toasts } from '../../browser/toasts.svelte';
import { t } from '../../i18n/i18n';
import type { BoardSession } from '../../session/session.svelte';

/** On a group's board its shared board's are locked: the notes are the same. */
export async function lockNotes(
  { survey, home }: BoardSession,
  ids: readonly string[],
  locked: boolean,
): Promise<void> {
  const notes = Object.fromEntries(ids.map((id) => [id, locked]));
  try {
    await api.patchDesk(survey?.workshop ?? '', { locked_parts: { [home]: { notes } } });
    toasts.show(t(locked ? 'bounds.notes-locked' : 'bounds.notes-unlocked', { n: ids.length }));
  } catch (error) {
    toasts.problem(sentenceOf(error).detail);
  }
}
