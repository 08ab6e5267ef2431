/** What a facilitator is told wherever they are. */
import type { DeskState } from '../navigation/desk.svelte';
import type { Visit } from '../navigation/visit.svelte';
import { followDeletions } from './people/deletions.svelte';
import { followLate } from './breakouts/late.svelte';

/** Answers what ends it. */
export function followNews(desk: DeskState, visit: Visit): () => void {
  const stops = [followLate(desk), followDeletions(desk, visit)];
  return () => stops.forEach((stop) => stop());
}
