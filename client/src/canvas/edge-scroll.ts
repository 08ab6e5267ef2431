/** While something is carried to the edge of the screen, the board moves on under it. */
import type { Camera } from './camera.svelte';

const EDGE_PX = 48;
const EDGE_PX_PER_S = 840;
/** A frame that comes late scrolls no farther than one of so many milliseconds. */
const LONGEST_FRAME_MS = 100;

/** The scrolling of one canvas while the pointer is near an edge of it. */
export class EdgeScroll {
  readonly #viewport: HTMLElement;
  readonly #camera: Camera;
  #frame = 0;

  constructor(viewport: HTMLElement, camera: Camera) {
    this.#viewport = viewport;
    this.#camera = camera;
  }

  /** `at`: where the pointer is, in CSS pixels of the page; `moved`: the board has moved under it. */
  start(at: () => { x: number; y: number }, moved: () => void, before = performance.now()): void {
    this.#frame = requestAnimationFrame((now) => {
      const { left, top, right, bottom } = this.#viewport.getBoundingClientRect();
      const step = edgeStep(now - before);
      const dx = step * edgePull(at().x, left, right);
      const dy = step * edgePull(at().y, top, bottom);
      if (dx !== 0 || dy !== 0) {
        this.#camera.pan(dx, dy);
        moved();
      }
      this.start(at, moved, now);
    });
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }
}

/** Which way the edge that the pointer is near pulls; 0 elsewhere. */
function edgePull(at: number, start: number, end: number): -1 | 0 | 1 {
  if (at < start + EDGE_PX) return -1;
  return at > end - EDGE_PX ? 1 : 0;
}

/** CSS pixels that the board moves in so many milliseconds, on a fast screen as on a slow one. */
export function edgeStep(milliseconds: number): number {
  return (Math.min(LONGEST_FRAME_MS, Math.max(0, milliseconds)) * EDGE_PX_PER_S) / 1000;
}
