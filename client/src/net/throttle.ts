/** At most one call per interval: the first at once, the last one always. */
export class Throttle {
  readonly #action: () => void;
  readonly #interval: () => number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #pending = false;

  /** `interval` in milliseconds, asked anew for each pause. */
  constructor(action: () => void, interval: () => number) {
    this.#action = action;
    this.#interval = interval;
  }

  call(): void {
    if (this.#timer) {
      this.#pending = true;
      return;
    }
    this.#action();
    this.#pause();
  }

  cancel(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pending = false;
  }

  #pause(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#pending) return;
      this.#pending = false;
      this.call();
    }, this.#interval());
  }
}
