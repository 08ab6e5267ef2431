import { Switch } from './choice.svelte';

/**
 * Whether single letters are commands on the canvas. Off, a letter is written on the note in focus,
 * and is nothing elsewhere.
 */
export const letterKeys = new Switch('hahmo_letter_keys');
