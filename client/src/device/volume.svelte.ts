/** How much is said of what others do, to those who hear the page; kept on this device. */
export const VOLUMES = ['off', 'summary', 'all'] as const;
export type Volume = (typeof VOLUMES)[number];

const KEY = 'hahmo_volume';

let chosen = $state(readKept());

/** Reactive. */
export function volume(): Volume {
  return chosen;
}

export function setVolume(wanted: Volume): void {
  chosen = wanted;
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // Storage may be forbidden: it holds for this visit.
  }
}

function readKept(): Volume {
  try {
    const kept = localStorage.getItem(KEY);
    return VOLUMES.find((one) => one === kept) ?? 'summary';
  } catch {
    return 'summary';
  }
}
