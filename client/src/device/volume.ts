import { Choice } from './choice.svelte';

export const VOLUMES = ['off', 'summary', 'all'] as const;
export type Volume = (typeof VOLUMES)[number];

/** How much is said of what others do, to those who hear the page. */
export const volume = new Choice<Volume>('hahmo_volume', VOLUMES, 'summary');
