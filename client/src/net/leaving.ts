/** What the outbox of this device holds of one person, whichever boards it is for. */
import { open, settled, STORE } from './outbox';

/** How many edits wait here that the server has not got; 0 where nothing is kept. */
export async function waitingOf(person: string): Promise<number> {
  return (await keysOf(person)).length;
}

/** Throw away what waits: only ever on this person's own word. */
export async function forgetWaiting(person: string): Promise<void> {
  const database = await open();
  if (!database) return;
  const keys = await keysOf(person, database);
  const transaction = database.transaction(STORE, 'readwrite');
  const store = transaction.objectStore(STORE);
  await Promise.all(keys.map((key) => settled(store.delete(key))));
  database.close();
}

async function keysOf(person: string, opened?: IDBDatabase): Promise<IDBValidKey[]> {
  const database = opened ?? (await open());
  if (!database) return [];
  try {
    const keys = await settled(database.transaction(STORE).objectStore(STORE).getAllKeys());
    return keys.filter((key) => String(key).split('/')[2] === person);
  } catch {
    return [];
  } finally {
    if (!opened) database.close();
  }
}
