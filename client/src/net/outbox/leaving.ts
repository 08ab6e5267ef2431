/** What this device keeps of one person, whichever boards it is for. */
import { countChanges } from '../wire/ledger';
import { shelf } from './shelf';

/** How many changes wait here that the server has not got, with what was set aside. */
export async function waitingOf(person: string): Promise<number> {
  const [rows, asides] = await Promise.all([shelf().waitingOf(person), shelf().asideOf(person)]);
  return countChanges(rows.map(({ key, about = [] }) => ({ key, about }))) + asides.length;
}

/** Throw away what waits: only ever on this person's own word. */
export function forgetWaiting(person: string): Promise<void> {
  return shelf().forget(person);
}
