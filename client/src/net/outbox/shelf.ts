/**
 * What this device keeps of people's own work until the server has it: one shelf per browser, on
 * the disk where that is possible, else in this page's memory. Only own edits, never a copy of a
 * board. What the server will never take is set aside, as plain texts, until its person throws it
 * away.
 */
import { places, type Database, type Place } from './disk';
import type { Item } from '../wire/wire';

/** An edit that waits, as `BrowserOutbox` writes it. */
export interface Row {
  readonly update: Uint8Array;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What it changes; absent in rows of before this was kept. */
  readonly about?: readonly string[];
  /** A connection ended over it, or over what it builds on: brought by the courier alone. */
  readonly suspect?: boolean;
}

/** Whose an edit is: its board in one lineage, and the person. */
export interface Address {
  readonly board: string;
  readonly lineage: string;
  readonly person: string;
}

export interface Waiting extends Row, Address {
  readonly key: string;
}

/** What could not stay on its board. */
export interface Aside {
  readonly key: string;
  readonly board: string;
  readonly person: string;
  readonly at: number;
  /** Why, as a slug for a sentence. */
  readonly code: string;
  /** What was written, to be copied. */
  readonly texts: readonly string[];
  /** How many things were changed. */
  readonly count: number;
  /** What was deleted, where it can be brought back. */
  readonly item?: Item;
}

const CHANNEL = 'hahmo-outbox';

/** This browser's store of unsaved work, on its disk or in this page's memory. */
export class Shelf {
  readonly #disk: Database;
  readonly #listeners = new Set<() => void>();
  readonly #channel = openChannel();
  /** What is in memory only, by place: on its way to the disk, or never to arrive there. */
  readonly #loose: Record<Place, Map<string, unknown>> = { updates: new Map(), aside: new Map() };
  /** On its way off the disk. */
  readonly #leaving = new Set<string>();

  constructor(disk: Database = places()) {
    this.#disk = disk;
    if (this.#channel) this.#channel.onmessage = () => this.#changed();
  }

  /** `listener` hears of changes, of this tab and of others. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  put(key: string, row: Row): void {
    this.#write('updates', key, row);
  }

  remove(keys: readonly string[]): void {
    this.#erase('updates', keys);
  }

  /** Everything under a key that begins so is on the disk. */
  isKept(prefix: string): boolean {
    return ![...this.#loose.updates.keys()].some((key) => key.startsWith(prefix));
  }

  /** What waits under keys that begin so, oldest first. */
  async waiting(prefix = ''): Promise<Waiting[]> {
    const found = await this.#read<Row>('updates', prefix);
    return found.map(([key, row]) => ({ ...row, ...addressOf(key), key })).sort(byAge);
  }

  /** What waits of one person, on all boards. */
  async waitingOf(person: string): Promise<Waiting[]> {
    return (await this.waiting()).filter((row) => row.person === person);
  }

  /** The courier alone takes care of these from now on. */
  suspect(rows: readonly Waiting[]): void {
    for (const { key, update, at, about } of rows) {
      this.put(key, { update, at, ...(about && { about }), suspect: true });
    }
  }

  setAside(aside: Aside): void {
    this.#write('aside', aside.key, aside);
  }

  throwAway(key: string): void {
    this.#erase('aside', [key]);
  }

  /** What was set aside of one person, oldest first. */
  async asideOf(person: string): Promise<Aside[]> {
    const found = await this.#read<Aside>('aside', `${person}/`);
    return found.map(([, aside]) => aside).sort((a, b) => a.at - b.at);
  }

  /** Forget what one person has here; they leave this device. */
  async forget(person: string): Promise<void> {
    this.remove((await this.waitingOf(person)).map(({ key }) => key));
    for (const { key } of await this.asideOf(person)) this.throwAway(key);
    await this.settled();
  }

  /** All that was written so far has arrived, or never will. */
  settled(): Promise<void> {
    return this.#disk.settled();
  }

  #write(place: Place, key: string, value: unknown): void {
    this.#loose[place].set(key, value);
    this.#leaving.delete(key);
    this.#disk.put(place, key, value, () => {
      if (this.#loose[place].get(key) === value) this.#loose[place].delete(key);
      this.#tell();
    });
    this.#tell();
  }

  #erase(place: Place, keys: readonly string[]): void {
    if (keys.length === 0) return;
    for (const key of keys) {
      this.#loose[place].delete(key);
      this.#leaving.add(key);
    }
    this.#disk.remove(place, keys, () => {
      for (const key of keys) this.#leaving.delete(key);
      this.#channel?.postMessage(null);
    });
    this.#tell();
  }

  async #read<T>(place: Place, prefix: string): Promise<[string, T][]> {
    const stored = await this.#disk.read<T>(place, prefix);
    const loose = [...this.#loose[place]].filter(([key]) => key.startsWith(prefix));
    const all = new Map([...stored, ...(loose as [string, T][])]);
    return [...all].filter(([key]) => !this.#leaving.has(key));
  }

  #tell(): void {
    this.#changed();
    this.#channel?.postMessage(null);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

let shared: Shelf | null = null;

/** The shelf of this browser. */
export function shelf(): Shelf {
  shared ??= new Shelf();
  return shared;
}

/** Keys are spelt `board/lineage/person/when-tab-number`. */
export function prefixOf({ board, lineage, person }: Address): string {
  return `${board}/${lineage}/${person}/`;
}

function addressOf(key: string): Address {
  const [board = '', lineage = '', person = ''] = key.split('/');
  return { board, lineage, person };
}

/** Oldest first; edits of one tab in its own order, whatever its clock did meanwhile. */
function byAge(a: Waiting, b: Waiting): number {
  const [mine, theirs] = [orderOf(a.key), orderOf(b.key)];
  if (mine.tab === theirs.tab) return mine.number - theirs.number;
  return a.at - b.at || (a.key < b.key ? -1 : 1);
}

function orderOf(key: string): { tab: string; number: number } {
  const last = key.slice(key.lastIndexOf('/') + 1);
  const at = last.lastIndexOf('-');
  return { tab: last.slice(last.indexOf('-'), at), number: Number(last.slice(at + 1)) };
}

function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return null;
  }
}
