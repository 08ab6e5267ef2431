/** The hand that moves the board: the middle button, or the first one while the space bar is down. */
import type { Point } from '../layout/layout';
import type { Scene } from './scene.svelte';

export const MIDDLE_BUTTON = 1;

/** What holds one canvas while the pointer moves it. */
export class Hand {
  readonly #scene: Scene;
  /** What the space bar does by itself when it is let go; null while it is up. */
  #space: (() => void) | null = null;
  #at: Point = { x: 0, y: 0 };

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** The space bar is down. `act`: what it does when nothing was moved by it. */
  spaceDown(act: () => void): void {
    if (this.#space) return;
    this.#space = act;
    this.#scene.hand ??= 'open';
  }

  spaceUp(acts = true): void {
    const act = this.#space;
    this.#space = null;
    if (this.#scene.hand === 'open') this.#scene.hand = null;
    if (acts) act?.();
  }

  /** Whether a press moves the board. */
  takes({ button }: PointerEvent): boolean {
    return button === MIDDLE_BUTTON || (this.#space !== null && button === 0);
  }

  begin({ clientX: x, clientY: y }: PointerEvent): void {
    if (this.#space) this.#space = () => undefined;
    this.#scene.hand = 'closed';
    this.#at = { x, y };
  }

  move({ clientX: x, clientY: y }: PointerEvent): void {
    this.#scene.camera.pan(this.#at.x - x, this.#at.y - y);
    this.#at = { x, y };
  }

  end(): void {
    this.#scene.hand = this.#space ? 'open' : null;
  }
}
