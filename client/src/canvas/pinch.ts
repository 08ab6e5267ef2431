/** Two fingers on the screen: they zoom and move the board, but not while one of them drags. */
import type { Camera } from './camera.svelte';

/** A second finger that has moved less than this rests, and does not pinch. */
const REST_PX = 24;

/** What the first finger is doing. */
export interface FirstFinger {
  /** Whether it drags something. */
  readonly drags: () => boolean;
  /** The second one takes over: what the first began is as if it had never been. */
  readonly interrupt: () => void;
}

/** The two fingers on one canvas, while they are down. */
export class Pinch {
  readonly #camera: Camera;
  readonly #first: FirstFinger;
  /** Where the second finger came down during a drag. */
  #resting: { x: number; y: number } | null = null;
  #last: { distance: number; x: number; y: number } | null = null;

  constructor(camera: Camera, first: FirstFinger) {
    this.#camera = camera;
    this.#first = first;
  }

  get active(): boolean {
    return this.#last !== null;
  }

  readonly onTouch = (event: TouchEvent): void => {
    const [a, b] = [event.touches[0], event.touches[1]];
    // Kept from the first move on, or the browser says no more which of them it scrolls by.
    if (this.#first.drags() && event.cancelable) event.preventDefault();
    if (!a || !b) return;
    if (event.cancelable) event.preventDefault();
    if (this.#rests(b)) return;
    this.#first.interrupt();
    const next = {
      distance: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
      x: (a.clientX + b.clientX) / 2,
      y: (a.clientY + b.clientY) / 2,
    };
    if (this.#last && event.type === 'touchmove') {
      this.#camera.zoomBy(next.distance / Math.max(1, this.#last.distance), next);
      this.#camera.pan(this.#last.x - next.x, this.#last.y - next.y);
    }
    this.#last = next;
  };

  readonly onEnd = (): void => {
    this.#last = this.#resting = null;
  };

  /** During a drag: whether the second finger lies where it came down. */
  #rests({ clientX: x, clientY: y }: Touch): boolean {
    if (!this.#first.drags()) return false;
    this.#resting ??= { x, y };
    return Math.hypot(x - this.#resting.x, y - this.#resting.y) < REST_PX;
  }
}
