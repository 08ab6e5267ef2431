/** Which boards' guides this browser has put away. */
const KEY = 'hahmo_guide_';

export function isDismissed(board: string): boolean {
  try {
    return localStorage.getItem(KEY + board) !== null;
  } catch {
    return false; // Storage may be forbidden: then the guide comes back with the next visit.
  }
}

export function keepDismissed(board: string): void {
  try {
    localStorage.setItem(KEY + board, '1');
  } catch {
    // As above.
  }
}
