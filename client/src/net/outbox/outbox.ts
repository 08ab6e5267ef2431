/**
 * Own edits of one board that the server has not yet acknowledged, kept across reloads and crashes
 * of the tab.
 *
 * Kept per board, lineage and person, not per tab: the next tab of the same person brings home what
 * a closed one could not send.
 */
import { newId } from '../../document/ids';
import type { Edit } from '../wire/ledger';
import { prefixOf, shelf, type Address, type Shelf } from './shelf';

export interface Outbox {
  /** Everything that was put and not removed is on this device's disk. */
  readonly kept: boolean;
  /** Called when `kept` may have changed. */
  onKept: (() => void) | null;
  /** What is kept from earlier, oldest first; empty when storage is missing. */
  load(): Promise<readonly Edit[]>;
  /** Keep an update; gives its key at once. */
  put(update: Uint8Array, about: readonly string[]): string;
  remove(keys: readonly string[]): void;
  /** A connection ended over what waits here: from now on it is the courier's. */
  suspect(edits: readonly Edit[]): void;
  /** Nobody looks at `kept` any more. */
  close(): void;
}

/** The edits of one person on one board that wait in this browser for the server's ack. */
export class BrowserOutbox implements Outbox {
  readonly #prefix: string;
  readonly #shelf: Shelf;
  readonly #tab = newId();
  readonly #stop: () => void;
  #made = 0;
  #suspects = false;
  onKept: (() => void) | null = null;

  constructor(address: Address, on: Shelf = shelf()) {
    this.#prefix = prefixOf(address);
    this.#shelf = on;
    let before = true;
    this.#stop = on.onChange(() => {
      const { kept } = this;
      if (kept !== before) this.onKept?.();
      before = kept;
    });
  }

  get kept(): boolean {
    return this.#shelf.isKept(this.#prefix);
  }

  async load(): Promise<readonly Edit[]> {
    const rows = await this.#shelf.waiting(this.#prefix);
    const own = rows.filter(({ key, suspect }) => !suspect && !key.includes(this.#tab));
    return own.map(({ key, update, about = [] }) => ({ key, update, about }));
  }

  put(update: Uint8Array, about: readonly string[]): string {
    this.#made += 1;
    const key = this.#keyOf(this.#made);
    const row = { update, about, at: Date.now() };
    // What follows a suspect edit builds on it.
    this.#shelf.put(key, this.#suspects ? { ...row, suspect: true } : row);
    return key;
  }

  remove(keys: readonly string[]): void {
    this.#shelf.remove(keys);
  }

  suspect(edits: readonly Edit[]): void {
    this.#suspects = true;
    const at = Date.now();
    for (const { key, update, about } of edits) {
      this.#shelf.put(key, { update, about, at, suspect: true });
    }
  }

  close(): void {
    this.#stop();
  }

  #keyOf(made: number): string {
    const number = String(made).padStart(9, '0');
    return `${this.#prefix}${Date.now().toString(36)}-${this.#tab}-${number}`;
  }
}
