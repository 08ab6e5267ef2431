/** Who leads brings everybody to a board. */
import { api } from '../api/api';
import type { Navigation } from './navigation.svelte';

/** Also those who have gone elsewhere since the last time: only a change is news to them. */
export async function bringEveryone(navigation: Navigation, board: string): Promise<void> {
  const { desk } = navigation;
  navigation.go(board);
  if (desk.now.board === board) await api.patchDesk(desk.workshop, { board: null });
  await api.patchDesk(desk.workshop, { board });
}
