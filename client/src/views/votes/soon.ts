import { Soon } from '../../ui/soon.svelte';

/** No first board has votes. */
export const voteButtons = new Soon(() => import('./VoteButtons.svelte'));
export const noteDots = new Soon(() => import('./NoteDots.svelte'));
