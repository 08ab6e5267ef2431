/** Somebody who waits to be let in: a reload of the page does not send them back to the door's start. */
export interface Knock {
  /** The join code that they came by. */
  readonly code: string;
  readonly name: string;
  readonly waiting: string;
  readonly returnCode: string;
}

const KEY = 'hahmo_knocked';

/** null: nobody waits in this tab any more. */
export function keepKnock(knock: Knock | null): void {
  try {
    if (knock) sessionStorage.setItem(KEY, JSON.stringify(knock));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is forbidden: they wait as long as the page is open.
  }
}

/** Who waits in this tab; by a certain code, where the page is that code's. */
export function recallKnock(code: string | null): Knock | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<Knock> | null;
    if (!kept?.waiting || !kept.returnCode || !kept.name || !kept.code) return null;
    return code === null || code === kept.code ? (kept as Knock) : null;
  } catch {
    return null;
  }
}
