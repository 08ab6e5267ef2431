/** A zone as a list: its themes, each with its notes, and after them the notes that have none. */
import type { NoteItem, ThemeItem } from './board.svelte';
import { byDots } from './votes.svelte';

export interface Part {
  /** Null for the notes without one, which come last. */
  readonly theme: ThemeItem | null;
  readonly items: readonly NoteItem[];
}

/** `dots`: by note; themes and notes with most come first. Null: all in reading order. */
export function partsOf(
  themes: readonly ThemeItem[],
  items: readonly NoteItem[],
  dots: ReadonlyMap<string, number> | null = null,
): Part[] {
  const under = (theme: string | null) => items.filter(({ note }) => note.theme === theme);
  const inOrder = (some: readonly NoteItem[]) => (dots ? byDots(some, dots) : some);
  const parts = themes.map((theme): Part => ({ theme, items: inOrder(under(theme.id)) }));
  if (dots) parts.sort((a, b) => sum(b, dots) - sum(a, dots));
  const rest = inOrder(under(null));
  return [...parts, { theme: null, items: rest }].filter((part) => part.items.length > 0);
}

/** As much of it as holds `most` notes. */
export function firstNotes(parts: readonly Part[], most: number): Part[] {
  let room = most;
  const found: Part[] = [];
  for (const { theme, items } of parts) {
    if (room <= 0) break;
    found.push({ theme, items: items.slice(0, room) });
    room -= items.length;
  }
  return found;
}

function sum({ items }: Part, dots: ReadonlyMap<string, number>): number {
  return items.reduce((all, { id }) => all + (dots.get(id) ?? 0), 0);
}
