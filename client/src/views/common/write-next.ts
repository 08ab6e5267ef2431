import type { BoardSession } from '../../session/session.svelte';

/**
 * Go on with another note where `written` stands: in its zone, under its theme. False when nothing
 * was written, or no more can be. `at`: 'free' finds a place; null leaves it to flow.
 */
export function writeNext(
  { state, workspace }: BoardSession,
  written: string | null,
  at: 'free' | null,
): boolean {
  const item = written === null ? null : state.item(written);
  const zone = item && state.zoneOf(item.id);
  if (!item || !zone) return false;
  const { theme } = item.note;
  const made = theme === null ? workspace.addNote(zone, at) : workspace.addNote(zone, null, theme);
  return made !== null;
}
