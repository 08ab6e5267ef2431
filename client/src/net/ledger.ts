/** Which own edits the server has not yet said to be durable. Counts, no bytes. */

interface Entry<K> {
  readonly key: K;
  /** Number of the sync message of this connection that carries it; null until one does. */
  message: number | null;
}

export class Ledger<K> {
  #entries: Entry<K>[] = [];
  #sent = 0;

  /** Own edits that are not durable yet. */
  get unsaved(): number {
    return this.#entries.length;
  }

  /** True when a sent edit waits for its acknowledgement. */
  get waits(): boolean {
    return this.#entries.some(({ message }) => message !== null);
  }

  /** An edit was made; it travels with the next message that `carried` or `carriedAll` counts. */
  wrote(key: K): void {
    this.#entries.push({ key, message: null });
  }

  /** A new connection: counting starts again, and whatever was not acknowledged is on its way again. */
  connected(): void {
    this.#sent = 0;
    for (const entry of this.#entries) entry.message = null;
  }

  /** A sync message without own edits was sent. */
  sent(): void {
    this.#sent += 1;
  }

  /** A sync message was sent that carries every edit no message has carried so far. */
  carriedAll(): void {
    this.#sent += 1;
    for (const entry of this.#entries) entry.message ??= this.#sent;
  }

  /** The first `count` sync messages are durable: gives the keys of the edits that are saved now. */
  acked(count: number): K[] {
    const saved = this.#entries.filter((entry) => isIn(entry, count));
    this.#entries = this.#entries.filter((entry) => !isIn(entry, count));
    return saved.map(({ key }) => key);
  }

  /** Forget everything, as the copy is dropped. */
  clear(): void {
    this.#entries = [];
  }
}

function isIn({ message }: Entry<unknown>, count: number): boolean {
  return message !== null && message <= count;
}
