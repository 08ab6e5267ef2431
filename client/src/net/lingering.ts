/** Those who are here, without flicker: whoever is gone for a moment only was never gone. */

export const LINGER_MS = 8_000;
/** Who has just come waits this long to be told who is here, before calling anybody gone. */
export const ARRIVAL_MS = 1_500;

interface Seen<T> {
  value: T;
  /** How long they may be missing. */
  moment: number;
  /** Since when they are missing, by a clock that is never set; null: they are not. */
  since: number | null;
}

/** A list of those who are here, on which a short absence does not show. */
export class Lingering<T> {
  readonly #seen = new Map<string, Seen<T>>();
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `changed` is called when somebody's moment is over: look again then. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Nobody has said yet who is here: until somebody does, these are not gone. */
  presume(values: ReadonlyMap<string, T>): void {
    for (const [id, value] of values) {
      if (!this.#seen.has(id)) this.#seen.set(id, { value, moment: ARRIVAL_MS, since: null });
    }
  }

  /** Who counts as here. Without a connection nobody can be told to be gone (`connected`: false). */
  look(now: ReadonlyMap<string, T>, connected: boolean): Map<string, T> {
    for (const [id, value] of now) this.#seen.set(id, { value, moment: LINGER_MS, since: null });
    const time = performance.now();
    for (const [id, seen] of this.#seen) {
      if (now.has(id)) continue;
      seen.since = connected ? (seen.since ?? time) : null;
      if (seen.since !== null && time - seen.since >= seen.moment) this.#seen.delete(id);
    }
    this.#lookAgain(time);
    return new Map([...this.#seen].map(([id, { value }]) => [id, value]));
  }

  destroy(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #lookAgain(time: number): void {
    this.destroy();
    const ends = [...this.#seen.values()].flatMap(({ since, moment }) =>
      since === null ? [] : since + moment,
    );
    if (ends.length === 0) return;
    this.#timer = setTimeout(this.#changed, Math.min(...ends) - time + 1);
  }
}
