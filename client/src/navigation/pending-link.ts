/** What a link led to, kept in this tab for as long as its reader still has to join the workshop. */
import { addressOf, readLinkTarget, type LinkTarget } from './address';

const key = (workshop: string) => `hahmo_sought_${workshop}`;

export function keepPendingLink(workshop: string, target: LinkTarget): void {
  try {
    sessionStorage.setItem(key(workshop), addressOf('', target));
  } catch {
    // Storage may be forbidden: the person joins all the same, and finds the note by themselves.
  }
}

/** Only once: later visits begin where the workshop is. */
export function takePendingLink(workshop: string): LinkTarget | null {
  try {
    const kept = sessionStorage.getItem(key(workshop));
    sessionStorage.removeItem(key(workshop));
    return kept === null ? null : readLinkTarget(kept);
  } catch {
    return null;
  }
}
