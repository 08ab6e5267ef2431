/** What this device remembers of a workshop so that its person can come back or let others in. */
export interface Keepsake {
  /** Code with which this person comes back on another device. */
  returnCode?: string;
  /** The facilitator's own link; who has it leads the workshop. */
  facilitatorUrl?: string;
}

const key = (workshop: string) => `hahmo_keepsake_${workshop}`;

export function keep(workshop: string, keepsake: Keepsake): void {
  try {
    const all = { ...recall(workshop), ...keepsake };
    localStorage.setItem(key(workshop), JSON.stringify(all));
  } catch {
    // Storage may be forbidden or full: the person can still go on in this browser.
  }
}

export function recall(workshop: string): Keepsake {
  try {
    return JSON.parse(localStorage.getItem(key(workshop)) ?? '{}') as Keepsake;
  } catch {
    return {};
  }
}
