import { Switch } from './choice.svelte';

/** Whether a large board is shown small in its corner. */
export const minimap = new Switch('hahmo_minimap');
