/** Which leaf and page of it stands on a wall: they turn by themselves, or by hand. */

const TURN_MS = 15_000;
/** Whoever turns by hand looks at it for so long. */
const BY_HAND_MS = 60_000;

/** Turns leaves with pages, in a circle. Times in milliseconds by a clock that is never set. */
export class Turning {
  leaf = $state(0);
  page = $state(0);
  still = $state(false);
  /** How many there are: leaves of the board, pages of the leaf in sight. */
  leaves = $state(1);
  pages = $state(1);
  #due = Infinity;

  constructor(private readonly now = () => performance.now()) {}

  get turns(): boolean {
    return this.leaves > 1 || this.pages > 1;
  }

  /** Another board: from its beginning. */
  begin(): void {
    this.leaf = this.page = 0;
    this.leaves = this.pages = 1;
    this.#due = this.now() + TURN_MS;
  }

  /** There are so many now; what has gone is not stood on. */
  have(leaves: number, pages: number): void {
    this.leaves = Math.max(1, leaves);
    this.pages = Math.max(1, pages);
    this.leaf = Math.min(this.leaf, this.leaves - 1);
    this.page = Math.min(this.page, this.pages - 1);
  }

  /** Call it now and then. */
  tick(): void {
    if (this.still || !this.turns || this.now() < this.#due) return;
    this.#go(1);
    this.#due = this.now() + TURN_MS;
  }

  turn(by: 1 | -1): void {
    this.#go(by);
    this.#due = this.now() + BY_HAND_MS;
  }

  stop(still: boolean): void {
    this.still = still;
    this.#due = this.now() + TURN_MS;
  }

  #go(by: 1 | -1): void {
    const page = this.page + by;
    if (page >= 0 && page < this.pages) {
      this.page = page;
      return;
    }
    this.leaf = (this.leaf + by + this.leaves) % this.leaves;
    this.page = 0; // how many pages it has is known once it is drawn
  }
}
