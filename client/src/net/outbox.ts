/**
 * Own edits that the server has not yet acknowledged, kept across reloads and crashes of the tab.
 *
 * Kept per board, lineage and person, not per tab: the next tab of the same person brings home what
 * a closed one could not send. Only own, unsaved edits are kept, never a copy of the board.
 */

import { newId } from '../core/ids';

export interface Kept {
  readonly key: string;
  readonly update: Uint8Array;
}

export interface Outbox {
  /** Everything that was put and not removed is on this device's disk. */
  readonly kept: boolean;
  /** Called when `kept` becomes true. */
  onKept: (() => void) | null;
  /** What is kept from earlier, oldest first; empty when storage is missing. */
  load(): Promise<readonly Kept[]>;
  /** Keep an update; gives its key at once. */
  put(update: Uint8Array): string;
  remove(keys: readonly string[]): void;
  /** Forget everything of this board, lineage and person. */
  clear(): void;
}

const DATABASE = 'hahmo-outbox';
export const STORE = 'updates';
/** What waited longer belongs to a workshop that went on without it. */
const KEPT_MS = 14 * 24 * 3600 * 1000;

interface Row {
  readonly update: Uint8Array;
  readonly at: number;
}

export class BrowserOutbox implements Outbox {
  readonly #prefix: string;
  /** Every operation waits for the one before it; a failed database ends in null, never in an error. */
  #database: Promise<IDBDatabase | null>;
  #made = 0;
  /** Keys of what is in memory only: on its way to the disk, or never to arrive there. */
  readonly #loose = new Set<string>();
  readonly #run = newId();
  onKept: (() => void) | null = null;

  constructor(board: string, lineage: string, person: string) {
    this.#prefix = `${board}/${lineage}/${person}/`;
    this.#database = open();
  }

  get kept(): boolean {
    return this.#loose.size === 0;
  }

  async load(): Promise<readonly Kept[]> {
    const database = await this.#database;
    if (!database) return [];
    try {
      const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
      const range = startingWith(this.#prefix);
      const [keys, rows] = await Promise.all([
        settled(store.getAllKeys(range)),
        settled(store.getAll(range) as IDBRequest<Row[]>),
      ]);
      dropOld(store);
      return keys.flatMap((key, i) => {
        const row = rows[i];
        return row ? [{ key: String(key), update: row.update }] : [];
      });
    } catch {
      return [];
    }
  }

  put(update: Uint8Array): string {
    this.#made += 1;
    const number = String(this.#made).padStart(9, '0');
    const key = `${this.#prefix}${Date.now().toString(36)}-${this.#run}-${number}`;
    const row: Row = { update, at: Date.now() };
    this.#loose.add(key);
    this.#write((store) => {
      store.put(row, key);
      store.transaction.oncomplete = () => this.#settle([key]);
    });
    return key;
  }

  remove(keys: readonly string[]): void {
    if (keys.length === 0) return;
    this.#write((store) => keys.forEach((key) => store.delete(key)));
    this.#settle(keys);
  }

  clear(): void {
    this.#loose.clear();
    this.#write((store) => store.delete(startingWith(this.#prefix)));
  }

  #settle(keys: readonly string[]): void {
    if (this.kept) return;
    keys.forEach((key) => this.#loose.delete(key));
    if (this.kept) this.onKept?.();
  }

  #write(change: (store: IDBObjectStore) => void): void {
    this.#database = this.#database.then((database) => {
      try {
        if (database) change(database.transaction(STORE, 'readwrite').objectStore(STORE));
        return database;
      } catch {
        // The browser closed it (storage cleared, tab frozen): the work itself is still in memory.
        return null;
      }
    });
  }
}

export function open(): Promise<IDBDatabase | null> {
  return new Promise((done) => {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onerror = () => done(null);
      request.onblocked = () => done(null);
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = () => database.close();
        done(database);
      };
    } catch {
      done(null);
    }
  });
}

function startingWith(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error('IndexedDB'));
  });
}

function dropOld(store: IDBObjectStore): void {
  const request = store.openCursor();
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    if ((cursor.value as Row).at < Date.now() - KEPT_MS) cursor.delete();
    cursor.continue();
  };
}
