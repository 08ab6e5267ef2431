/** One key for one intention: a command whose answer was lost is sent again and not done twice. */
import { newId } from '../document/ids';

const PREFIX = 'hahmo_once_';

/**
 * The key of a command. `what` names an intention that outlives its call, also a reload: a person
 * who did not hear that they are in presses "Join" again. Without it each call is an intention.
 */
export function keyOf(what: string | null): string {
  const fresh = newId();
  if (what === null) return fresh;
  try {
    const kept = sessionStorage.getItem(PREFIX + what);
    if (kept === null) sessionStorage.setItem(PREFIX + what, fresh);
    return kept ?? fresh;
  } catch {
    return fresh; // Storage may be forbidden: then a reload is a new intention.
  }
}

/** The answer came, whatever it was: the same words are a new intention from now on. */
export function done(what: string | null): void {
  try {
    if (what !== null) sessionStorage.removeItem(PREFIX + what);
  } catch {
    // As above.
  }
}

/** A short name for a command's words, which may be secret or long. FNV-1a. */
export function nameOf(words: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < words.length; at++) {
    hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193);
  }
  return `${(hash >>> 0).toString(36)}${words.length}`;
}
