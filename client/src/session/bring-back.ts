/** What somebody deleted stands on its board again, whatever it is. */
import type { Item } from '../net/wire/wire';
import { planOf } from './plan.svelte';
import type { BoardSession } from './session.svelte';

export function bringBack(session: BoardSession, { kind, id }: Item): void {
  if (kind === 'note') session.workspace.bringBack([id]);
  else if (kind === 'theme') session.theming.bringBack(id);
  else planOf(session).intents.restore(id);
}
