/** What a facilitator is told wherever they are. */
import type { DeskState } from '../navigation/desk.svelte';
import type { Navigation } from '../navigation/navigation.svelte';
import { followDeletions } from './people/deletions.svelte';
import { followEnded } from './ended.svelte';
import { followLate } from './breakouts/late.svelte';

/** Answers what ends it. */
export function followNews(desk: DeskState, navigation: Navigation): () => void {
  const stops = [followLate(desk), followEnded(desk), followDeletions(desk, navigation)];
  return () => stops.forEach((stop) => stop());
}
