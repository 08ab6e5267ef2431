/** Likely duplicates, decided pair by pair on the board itself; nothing is ever joined. */
import type { Note } from '../../document/schema';
import type { BoardSession } from '../../session/session.svelte';
import { themeName } from '../../session/theming.svelte';
import type { Decision } from './reports.svelte';

export type Ids = readonly [one: string, other: string];
/** How a pair stands: the board says more than what was decided. */
export type Standing =
  | { readonly how: 'gone' | 'open' | 'apart' }
  | { readonly how: 'together'; readonly theme: string };

export function standingOf(
  { store }: Pick<BoardSession, 'store'>,
  [one, other]: Ids,
  decision: Decision | undefined,
): Standing {
  const [a, b] = [store.notes.get(one), store.notes.get(other)];
  if (!a || !b) return { how: 'gone' };
  const theme = a.theme !== null && a.theme === b.theme ? store.themes.get(a.theme) : undefined;
  if (theme) return { how: 'together', theme: themeName(theme) };
  return { how: decision?.how === 'apart' ? 'apart' : 'open' };
}

/** Under the theme that one of them is under, or else a new one; null if it could not be done. */
export function putTogether(session: BoardSession, ids: Ids): Decision | null {
  const { store, theming } = session;
  const [a, b] = ids.map((id) => store.notes.get(id)) as [Note | undefined, Note | undefined];
  if (!a || !b || !session.mayWrite) return null;
  const before = [standing(session, a), standing(session, b)] as const;
  const theme = before[0] ?? before[1];
  if (theme !== null) theming.put(ids, theme);
  else if (theming.make(ids, '', ids[0]) === null) return null;
  return { how: 'together', before };
}

/** Each note is under what it was under before; the other leaves where that is not known. */
export function takeApart(session: BoardSession, ids: Ids, decision: Decision | undefined): void {
  const { store, theming } = session;
  const now = store.notes.get(ids[0])?.theme ?? null;
  const was = decision?.how === 'together' ? decision.before : [now, null];
  ids.forEach((id, index) => {
    const then = was[index] ?? null;
    if (then === (store.notes.get(id)?.theme ?? null)) return;
    if (then !== null && store.themes.has(then)) theming.put([id], then);
    else theming.takeOut([id]);
  });
}

function standing({ store }: BoardSession, { theme }: Note): string | null {
  return theme !== null && store.themes.has(theme) ? theme : null;
}
