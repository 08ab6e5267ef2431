/** What asks for the keyboard's focus on a board, and how each view gives it. */
import { tick, untrack } from 'svelte';
import type { FocusRequest } from '../../document/links';
import type { BoardSession } from '../../session/session.svelte';

export type Ways = Readonly<Partial<Record<FocusRequest['kind'], (id: string) => void>>>;

/** Answer the calls that this view knows a way to; others wait for the view that does. */
export function answerCalls(session: () => BoardSession, ways: Ways): void {
  $effect(() => {
    const { workspace } = session();
    const called = workspace.focusRequest;
    const go = called && ways[called.kind];
    if (!go) return;
    workspace.focusRequest = null;
    untrack(() => go(called.id));
  });
}

/** How a list of zones answers: by the note itself, or by the heading of a row. The view may be gone by then. */
export function waysInList(session: () => BoardSession, root: () => HTMLElement | undefined): Ways {
  return {
    note: (id) => {
      const { workspace, grid, state } = session();
      workspace.focusOn(id);
      grid.reveal(state.zoneOf(id)?.spec.id ?? '');
      void tick().then(() => take(root()?.querySelector<HTMLElement>(`[data-note-id="${id}"]`)));
    },
    row: (id) => {
      const zone = firstOf(session(), id);
      if (zone === null) return;
      session().grid.reveal(zone);
      void tick().then(() => take(document.getElementById(`zone-${zone}`)));
    },
  };
}

/** A dialog is about this note: when somebody deletes it, its going is told. Called while mounting. */
export function staysAbout(session: () => BoardSession, note: () => string | null): void {
  $effect(() => {
    const [{ workspace }, id] = [session(), note()];
    if (id === null) return;
    workspace.about = id;
    return () => {
      if (workspace.about === id) workspace.about = null;
    };
  });
}

/** The first cell of a row. */
export function firstOf({ state, grid }: BoardSession, row: string): string | null {
  return state.zones.find(({ spec }) => grid.rowOf(spec.id)?.id === row)?.spec.id ?? null;
}

function take(element: HTMLElement | null | undefined): void {
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'center' });
}
