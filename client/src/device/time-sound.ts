import { Choice } from './choice.svelte';

const chosen = new Choice('hahmo_time_sound', ['auto', 'on', 'off'] as const, 'auto');

/**
 * Whether the end of the time is heard from this device. Of itself it is where somebody leads: that
 * is the machine with the loudspeakers, and in a remote team thirty chimes are no calm end. Reactive.
 */
export function soundsTime(leads: boolean): boolean {
  return chosen.chosen === 'auto' ? leads : chosen.chosen === 'on';
}

export function soundTime(wanted: boolean): void {
  chosen.choose(wanted ? 'on' : 'off');
}
