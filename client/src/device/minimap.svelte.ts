/** Whether a large board is shown small in its corner; kept on this device. */
const KEY = 'hahmo_minimap';

let on = $state(readKept());

/** Reactive. */
export function showsMinimap(): boolean {
  return on;
}

export function showMinimap(wanted: boolean): void {
  on = wanted;
  try {
    localStorage.setItem(KEY, wanted ? 'on' : 'off');
  } catch {
    // Storage may be forbidden: it holds for this visit.
  }
}

function readKept(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}
