import type { Role } from '../workshop/desk';

/** What this device remembers of a workshop so that its person can come back or let others in. */
export interface RememberedWorkshop {
  /** Code with which this person comes back on another device. */
  returnCode?: string;
  /** The facilitator's own link; who has it leads the workshop. */
  facilitatorUrl?: string;
  /** Who this browser is signed in as, and the workshop's join code: one browser is one person. */
  me?: { id: string; name: string };
  code?: string;
  /** What the workshop is called, what this person does there, and when they were last there (ms). */
  title?: string;
  role?: Role;
  at?: number;
  /** Notices of the server that this person has seen, the latest of them. */
  noticed?: string[];
}

/** Who this browser is in a workshop. */
export interface SignedIn {
  workshop: string;
  person: string;
  name: string;
}

const listeners = new Set<() => void>();

const PREFIX = 'hahmo_keepsake_';
const key = (workshop: string) => `${PREFIX}${workshop}`;

export function remember(workshop: string, remembered: RememberedWorkshop): void {
  try {
    const all = { ...recall(workshop), ...remembered };
    localStorage.setItem(key(workshop), JSON.stringify(all));
  } catch {
    // Storage may be forbidden or full: the person can still go on in this browser.
  }
  for (const listener of [...listeners]) listener();
}

/** `listener` hears when this page keeps something; gives how to stop. */
export function onKept(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function recall(workshop: string): RememberedWorkshop {
  try {
    return JSON.parse(localStorage.getItem(key(workshop)) ?? '{}') as RememberedWorkshop;
  } catch {
    return {};
  }
}

/** The workshop that a join code leads to, if this browser is in it already, and as whom. */
export function recallByCode(code: string): SignedIn | null {
  try {
    for (const stored of Object.keys(localStorage)) {
      if (!stored.startsWith(PREFIX)) continue;
      const workshop = stored.slice(PREFIX.length);
      const { code: own, me } = recall(workshop);
      if (own === code && me) return { workshop, person: me.id, name: me.name };
    }
  } catch {
    // Storage is forbidden: nothing is remembered.
  }
  return null;
}

/** A workshop that this browser was in and has not left. */
export interface Listed {
  readonly workshop: string;
  readonly title: string;
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Those this person finds again on the start page, the latest first. */
export function listed(): Listed[] {
  const found: Listed[] = [];
  try {
    for (const stored of Object.keys(localStorage)) {
      if (!stored.startsWith(PREFIX)) continue;
      const workshop = stored.slice(PREFIX.length);
      const { title, role, at = 0, me } = recall(workshop);
      if (title && role && me) found.push({ workshop, title, role, at });
    }
  } catch {
    // Storage is forbidden: nothing is remembered.
  }
  return found.sort((one, other) => other.at - one.at);
}

/** Off the list, until it is opened again; how to come back stays remembered. */
export function unlist(workshop: string): void {
  try {
    const kept = { ...recall(workshop) };
    delete kept.title;
    localStorage.setItem(key(workshop), JSON.stringify(kept));
  } catch {
    // As above.
  }
}

/** Under which what is remembered of a workshop stands in the storage, for those who listen to it. */
export function rememberedKey(workshop: string): string {
  return key(workshop);
}

/** Whoever uses this browser next finds nothing of this person. */
export function forgetAll(workshop: string): void {
  try {
    localStorage.removeItem(key(workshop));
  } catch {
    // Storage is forbidden: nothing was remembered.
  }
}

/** This browser is not in the workshop any more; how to come back stays remembered. */
export function forgetMe(workshop: string): void {
  const { returnCode, facilitatorUrl } = recall(workshop);
  try {
    const kept = { ...(returnCode && { returnCode }), ...(facilitatorUrl && { facilitatorUrl }) };
    localStorage.setItem(key(workshop), JSON.stringify(kept));
  } catch {
    // As above.
  }
}
