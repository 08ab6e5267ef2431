/** What a person has filled in and not sent: kept on this device until it is sent or thrown away. */

export const DRAFTS_PREFIX = 'hahmo_drafts_';

type All = Record<string, unknown>;

/** Drafts of one person in one workshop (or of nobody in particular), by name. Plain JSON values. */
export class Drafts {
  readonly #key: string;
  readonly #storage: () => Storage;
  /** For as long as the page is open, also where nothing can be stored. */
  readonly #memory = new Map<string, unknown>();

  constructor(workshop: string, person: string, storage: () => Storage = () => localStorage) {
    this.#key = `${DRAFTS_PREFIX}${workshop}_${person}`;
    this.#storage = storage;
    for (const [name, value] of Object.entries(this.#read())) this.#memory.set(name, value);
  }

  get<T>(name: string): T | undefined {
    return this.#memory.get(name) as T | undefined;
  }

  put(name: string, value: unknown): void {
    this.#memory.set(name, value);
    this.#write((all) => ({ ...all, [name]: value }));
  }

  drop(name: string): void {
    this.#memory.delete(name);
    this.#write((all) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== name)));
  }

  /** Another tab may have written meanwhile: its drafts stay. */
  #write(change: (all: All) => All): void {
    try {
      const all = change(this.#read());
      if (Object.keys(all).length === 0) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, JSON.stringify(all));
    } catch {
      // Storage is forbidden or full: the draft lives as long as the page.
    }
  }

  #read(): All {
    try {
      const all: unknown = JSON.parse(this.#storage().getItem(this.#key) ?? '{}');
      return typeof all === 'object' && all !== null ? (all as All) : {};
    } catch {
      return {};
    }
  }
}
