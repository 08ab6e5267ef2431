import type { BoardSession } from '../core/session.svelte';
import type { Visit } from '../pages/visit.svelte';

/** A board to read from: the one on the screen if it is that one, else opened quietly for a while. */
export function sharedSession(
  visit: () => Visit,
  board: () => string,
): { readonly current: BoardSession | null } {
  let quiet = $state.raw<BoardSession | null>(null);
  const shown = $derived(visit().session?.board.id === board() ? visit().session : null);
  $effect(() => {
    if (shown) return;
    const opened = visit().lookOn(board());
    quiet = opened;
    return () => {
      opened?.destroy();
      quiet = null;
    };
  });
  return {
    get current() {
      return shown ?? quiet;
    },
  };
}
