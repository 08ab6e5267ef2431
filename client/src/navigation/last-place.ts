/** Where a person went by themselves, kept in this tab: a reload, or an update, leaves them there. */

const key = (workshop: string) => `hahmo_place_${workshop}`;

/** `led`: the board that everybody was brought to last, or null. */
export function keepPlace(workshop: string, board: string, led: string | null): void {
  try {
    sessionStorage.setItem(key(workshop), JSON.stringify([board, led]));
  } catch {
    // Storage may be forbidden: they begin where the workshop is.
  }
}

/** Null for none, and when everybody was brought elsewhere meanwhile. */
export function lastPlace(workshop: string, led: string | null): string | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key(workshop)) ?? 'null');
    if (!Array.isArray(kept) || typeof kept[0] !== 'string' || kept[1] !== led) return null;
    return kept[0];
  } catch {
    return null;
  }
}
