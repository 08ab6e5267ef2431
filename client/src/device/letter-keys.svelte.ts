/** Whether single letters are commands on the canvas; kept on this device. */
const KEY = 'hahmo_letter_keys';

let on = $state(readKept());

/** Reactive. */
export function letterKeys(): boolean {
  return on;
}

/** Off, a letter is written on the note in focus, and is nothing elsewhere. */
export function setLetterKeys(wanted: boolean): void {
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
