/** What a link led to, kept in this tab for as long as its reader still has to join the workshop. */
import { addressOf, readSought, type Sought } from './address';

const key = (workshop: string) => `hahmo_sought_${workshop}`;

export function keepErrand(workshop: string, sought: Sought): void {
  try {
    sessionStorage.setItem(key(workshop), addressOf('', sought));
  } catch {
    // Storage may be forbidden: the person joins all the same, and finds the note by themselves.
  }
}

/** Only once: later visits begin where the workshop is. */
export function takeErrand(workshop: string): Sought | null {
  try {
    const kept = sessionStorage.getItem(key(workshop));
    sessionStorage.removeItem(key(workshop));
    return kept === null ? null : readSought(kept);
  } catch {
    return null;
  }
}
