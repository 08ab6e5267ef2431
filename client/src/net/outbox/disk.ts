/** IndexedDB as a few places of keys and values; where it fails, nothing is there and nothing stays. */

export type Place = 'updates' | 'aside';
const PLACES: readonly Place[] = ['updates', 'aside'];

export interface Database {
  /** `done` is called once the value is on the disk, and never where it cannot be. */
  put(place: Place, key: string, value: unknown, done: () => void): void;
  /** `done` is called when the keys are gone, or cannot be reached. */
  remove(place: Place, keys: readonly string[], done: () => void): void;
  /** What is stored under keys that begin with `prefix`, in the order of keys. */
  read<T>(place: Place, prefix: string): Promise<[string, T][]>;
  /** Everything asked for so far is done. */
  settled(): Promise<void>;
}

const NAME = 'hahmo-outbox';
const VERSION = 2;

/** The places of this browser. */
export function places(): Database {
  return new BrowserDatabase();
}

class BrowserDatabase implements Database {
  /** Every operation waits for the one before it; a failed database ends in null, never in an error. */
  #database: Promise<IDBDatabase | null> = open();
  #last: Promise<unknown> = Promise.resolve();

  put(place: Place, key: string, value: unknown, done: () => void): void {
    this.#write(place, done, null, (store) => void store.put(value, key));
  }

  remove(place: Place, keys: readonly string[], done: () => void): void {
    this.#write(place, done, done, (store) => keys.forEach((key) => store.delete(key)));
  }

  async read<T>(place: Place, prefix: string): Promise<[string, T][]> {
    const database = await this.#database;
    if (!database) return [];
    try {
      const store = database.transaction(place).objectStore(place);
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [keys, values] = await Promise.all([
        settled(store.getAllKeys(range)),
        settled(store.getAll(range) as IDBRequest<T[]>),
      ]);
      return keys.map((key, i) => [String(key), values[i] as T]);
    } catch {
      return [];
    }
  }

  async settled(): Promise<void> {
    await this.#database;
    await this.#last;
  }

  #write(
    place: Place,
    done: () => void,
    failed: (() => void) | null,
    change: (store: IDBObjectStore) => void,
  ): void {
    this.#database = this.#database.then((database) => {
      try {
        if (!database) throw new Error('IndexedDB');
        const transaction = database.transaction(place, 'readwrite');
        this.#last = ended(transaction, done, failed);
        change(transaction.objectStore(place));
        return database;
      } catch {
        // The browser closed it (storage cleared, tab frozen): the work itself is still in memory.
        failed?.();
        return null;
      }
    });
  }
}

function ended(
  transaction: IDBTransaction,
  done: () => void,
  failed: (() => void) | null,
): Promise<void> {
  return new Promise((end) => {
    transaction.oncomplete = () => (done(), end());
    transaction.onabort = () => (failed?.(), end());
  });
}

function open(): Promise<IDBDatabase | null> {
  return new Promise((done) => {
    try {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        const there = request.result.objectStoreNames;
        for (const place of PLACES) {
          if (!there.contains(place)) request.result.createObjectStore(place);
        }
      };
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

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error('IndexedDB'));
  });
}
