/** A finger that rests in one place. Not every browser says so, and none says it alike. */
import type { Point } from '../layout/layout';

const LONG_PRESS_MS = 550;
/** A finger that has moved less than this rests. */
const STILL_PX = 10;

/** One finger on one note, from coming down to resting long enough. */
export class LongPress {
  readonly #act: (note: string, at: Point) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #at: Point = { x: 0, y: 0 };

  constructor(act: (note: string, at: Point) => void) {
    this.#act = act;
  }

  begin(note: string, { clientX: x, clientY: y }: PointerEvent): void {
    this.stop();
    this.#at = { x, y };
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#act(note, this.#at);
    }, LONG_PRESS_MS);
  }

  moved({ clientX, clientY }: PointerEvent): void {
    if (Math.hypot(clientX - this.#at.x, clientY - this.#at.y) >= STILL_PX) this.stop();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
