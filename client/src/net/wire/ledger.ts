/** Which own edits the server has not yet said to be durable, oldest first. */

export interface Edit {
  readonly key: string;
  /** Kept until it is durable: what was not taken is sent again. */
  readonly update: Uint8Array;
  /** Ids of what it changes: a person counts notes, not keystrokes. */
  readonly about: readonly string[];
}

interface Entry {
  readonly edit: Edit;
  /** First and last sync message of this connection that carry it; null while none does. */
  messages: readonly [number, number] | null;
}

/** The account of one connection's own edits: sent, acked, given back. */
export class Ledger {
  #entries: Entry[] = [];
  #sent = 0;

  /** Own edits that are not durable yet. */
  get unsaved(): number {
    return this.#entries.length;
  }

  /** How many things they change. */
  get changes(): number {
    return countChanges(this.#entries.map(({ edit }) => edit));
  }

  get edits(): Edit[] {
    return this.#entries.map(({ edit }) => edit);
  }

  get keys(): string[] {
    return this.#entries.map(({ edit }) => edit.key);
  }

  /** True when a sent edit waits for its acknowledgement. */
  get waits(): boolean {
    return this.#entries.some(({ messages }) => messages !== null);
  }

  /** What no message carries, in the order in which it was written. */
  get waiting(): Edit[] {
    return this.#entries.flatMap(({ edit, messages }) => (messages ? [] : [edit]));
  }

  /** An edit was made; it travels with a message that `carried` counts. */
  wrote(edit: Edit): void {
    this.#entries.push({ edit, messages: null });
  }

  /** A new connection: counting starts again, and whatever was not acknowledged waits again. */
  connected(): void {
    this.#sent = 0;
    for (const entry of this.#entries) entry.messages = null;
  }

  /** A sync message without own edits was sent. */
  sent(): void {
    this.#sent += 1;
  }

  /** `messages` sync messages were sent that together carry these edits whole. */
  carried(edits: readonly Edit[], messages = 1): void {
    const range = [this.#sent + 1, this.#sent + messages] as const;
    this.#sent += messages;
    const carried = new Set(edits);
    for (const entry of this.#entries) if (carried.has(entry.edit)) entry.messages = range;
  }

  /** The first `count` sync messages are durable: gives the keys of the edits that are saved now. */
  acked(count: number): string[] {
    const saved = this.#entries.filter((entry) => isIn(entry, count));
    if (saved.length > 0) this.#entries = this.#entries.filter((entry) => !isIn(entry, count));
    return saved.map(({ edit }) => edit.key);
  }

  /** This sync message was not taken: what it carried waits again. */
  returned(message: number): void {
    for (const entry of this.#entries) {
      const [first, last] = entry.messages ?? [Infinity, 0];
      if (first <= message && message <= last) entry.messages = null;
    }
  }

  /** Forget everything: others take care of it. */
  clear(): void {
    this.#entries = [];
  }
}

/** How many things edits change; an edit of which that is not known is one thing. */
export function countChanges(edits: readonly Pick<Edit, 'key' | 'about'>[]): number {
  return new Set(edits.flatMap(({ key, about }) => (about.length > 0 ? about : [key]))).size;
}

function isIn({ messages }: Entry, count: number): boolean {
  return messages !== null && messages[1] <= count;
}
