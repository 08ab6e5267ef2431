/** What somebody deleted stands on its board again, whatever it is. */
import * as Y from 'yjs';
import type { Item } from '../net/wire/wire';
import { experimentsOf } from '../document/experiments';
import { planOf } from './plan.svelte';
import { notesOf, themesOf } from '../document/schema';
import type { BoardSession } from './session.svelte';

export function bringBack(session: BoardSession, { kind, id }: Item): void {
  if (kind === 'note') session.workspace.bringBack([id]);
  else if (kind === 'theme') session.theming.bringBack(id);
  else planOf(session).edits.restoreExperiment(id);
}

/** Whether it is on its board (now, not as it was last drawn). */
export function stands({ doc }: BoardSession, { kind, id }: Item): boolean {
  const entry = { note: notesOf, theme: themesOf, experiment: experimentsOf }[kind](doc).get(id);
  return entry instanceof Y.Map && entry.get('del') !== true;
}
