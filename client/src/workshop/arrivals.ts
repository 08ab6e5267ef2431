/** Who comes and goes, told in one line for all of some seconds: a class arrives in a minute. */

/** Milliseconds from the first change until it is told, with everything that came after it. */
export const QUIET_MS = 5_000;

/** A gatherer of comings and goings, told together after some seconds. */
export class Arrivals {
  readonly #tell: (came: number, left: number) => void;
  /** As they were when it was last told; null before anybody was looked at. */
  #known: ReadonlySet<string> | null = null;
  #now: ReadonlySet<string> = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (came: number, left: number) => void) {
    this.#tell = tell;
  }

  /** Those who are here now; the first time nobody has come. */
  here(people: ReadonlySet<string>): void {
    this.#now = people;
    if (this.#known === null) this.#known = people;
    else this.#timer ??= setTimeout(() => this.#speak(), QUIET_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #speak(): void {
    const before = this.#known ?? this.#now;
    this.#timer = undefined;
    this.#known = this.#now;
    const came = [...this.#now].filter((person) => !before.has(person)).length;
    const left = [...before].filter((person) => !this.#now.has(person)).length;
    if (came + left > 0) this.#tell(came, left);
  }
}
