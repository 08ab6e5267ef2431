/** The view onto the board: native scrolling, and a scale. Screen positions are CSS pixels. */
import { flushSync } from 'svelte';
import type { Box, Point } from '../layout/layout';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MIN_ZOOM = 0.1;
const MAX_ZOOM = 2.5;
const STEP = 1.2;
/** Paper around the board. */
export const MARGIN = 24;
/** Below it, what is docked over the lower edge while notes are chosen gets room of its own: one row of it. */
export const BOTTOM = 68;
/** Around what is docked there. */
const BOTTOM_GAP = 16;
/** A wide screen need not make notes huge; below the other, notes are too small to read. */
const FIT_MOST = 1.15;
const FIT_LEAST = 0.42;

/** One canvas's view onto its board: the part that is in sight, and how large it is drawn. */
export class Camera {
  zoom = $state(1);
  /** Of the visible area. */
  view = $state.raw<Size>({ width: 0, height: 0 });
  /** How much of its lower edge something lies over, CSS pixels. */
  covered = $state(0);
  /** How far down something reaches that is not of the board, board units. */
  reach = $state(0);
  readonly #board: () => Size;
  #viewport: HTMLElement | null = null;
  /** The person has chosen a zoom: a resized window keeps it. */
  #chosen = false;

  constructor(board: () => Size) {
    this.#board = board;
  }

  /** Left edge of the board within the scrolled area; a narrow board stands in the middle. */
  get left(): number {
    return Math.max(MARGIN, (this.view.width - this.#board().width * this.zoom) / 2);
  }

  get top(): number {
    return MARGIN;
  }

  /** What can be scrolled over. */
  get area(): Size {
    const { width, height } = this.#board();
    return {
      width: Math.max(this.view.width, width * this.zoom + 2 * MARGIN),
      height: Math.max(
        this.view.height,
        Math.max(height, this.reach) * this.zoom + MARGIN + this.#bottom,
      ),
    };
  }

  get #bottom(): number {
    return Math.max(BOTTOM, this.covered + BOTTOM_GAP);
  }

  attach(viewport: HTMLElement): () => void {
    this.#viewport = viewport;
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(viewport);
    this.#measure();
    return () => observer.disconnect();
  }

  #measure(): void {
    const viewport = this.#viewport;
    if (!viewport) return;
    const { clientWidth: width, clientHeight: height } = viewport;
    if (width === this.view.width && height === this.view.height) return;
    this.view = { width, height };
    this.settle();
  }

  /** The screen or the board has got its size: fit it, unless the person has chosen a zoom. */
  settle(): void {
    if (!this.#chosen) this.fitWidth();
  }

  /** A point of the screen in board units. */
  toBoard(clientX: number, clientY: number): Point {
    const { left, top, scrollLeft, scrollTop } = this.#origin();
    return {
      x: (clientX - left + scrollLeft - this.left) / this.zoom,
      y: (clientY - top + scrollTop - this.top) / this.zoom,
    };
  }

  /** What of the board is on the screen now. */
  visible(): Box {
    const { left, top } = this.#origin();
    const start = this.toBoard(left, top);
    return { ...start, width: this.view.width / this.zoom, height: this.view.height / this.zoom };
  }

  /** Scale by `factor`; the board point under `at` (the middle by default) stays where it is. */
  zoomBy(factor: number, at?: Point): void {
    this.#chosen = true;
    this.#zoomTo(this.zoom * factor, at ?? this.#middle());
  }

  zoomIn(): void {
    this.zoomBy(STEP);
  }

  zoomOut(): void {
    this.zoomBy(1 / STEP);
  }

  /** The whole board on the screen. */
  fit(): void {
    this.#chosen = true;
    const { width, height } = this.#room();
    this.zoom = clamp(Math.min(width, height, FIT_MOST), MIN_ZOOM, FIT_MOST);
    this.#scrollToStart();
  }

  /** As wide as the screen, readable; a board that grows is scrolled downwards. */
  fitWidth(): void {
    this.#chosen = false;
    this.zoom = this.zoomFor(this.#board().width);
  }

  /** The zoom at which a board of this width fills the screen, within what can be read. */
  zoomFor(width: number): number {
    return clamp((this.view.width - 2 * MARGIN) / Math.max(1, width), FIT_LEAST, FIT_MOST);
  }

  pan(dx: number, dy: number): void {
    this.#viewport?.scrollBy(dx, dy);
  }

  /** Whether something as tall as this, board units, is seen whole. */
  fits(height: number): boolean {
    return height * this.zoom + 2 * MARGIN <= this.view.height - this.#bottom;
  }

  /** Scroll just as far as it takes to show a box, board units. */
  reveal(box: Box): void {
    const viewport = this.#viewport;
    if (!viewport) return;
    const dx = overflow(
      box.x * this.zoom + this.left,
      box.width * this.zoom,
      viewport.scrollLeft,
      this.view.width,
    );
    const dy = overflow(
      box.y * this.zoom + this.top,
      box.height * this.zoom,
      viewport.scrollTop,
      this.view.height - this.#bottom,
    );
    if (dx !== 0 || dy !== 0) viewport.scrollBy({ left: dx, top: dy });
  }

  #zoomTo(zoom: number, at: Point): void {
    const fixed = this.toBoard(at.x, at.y);
    this.zoom = clamp(zoom, MIN_ZOOM, MAX_ZOOM);
    // The area has to have its new size before it can be scrolled there.
    flushSync();
    const { left, top } = this.#origin();
    this.#viewport?.scrollTo(
      fixed.x * this.zoom + this.left - (at.x - left),
      fixed.y * this.zoom + this.top - (at.y - top),
    );
  }

  #room(): Size {
    const { width, height } = this.#board();
    return {
      width: (this.view.width - 2 * MARGIN) / Math.max(1, width),
      height: (this.view.height - MARGIN - BOTTOM) / Math.max(1, height),
    };
  }

  #scrollToStart(): void {
    flushSync();
    this.#viewport?.scrollTo(0, 0);
  }

  #middle(): Point {
    const { left, top } = this.#origin();
    return { x: left + this.view.width / 2, y: top + this.view.height / 2 };
  }

  #origin(): { left: number; top: number; scrollLeft: number; scrollTop: number } {
    const viewport = this.#viewport;
    if (!viewport) return { left: 0, top: 0, scrollLeft: 0, scrollTop: 0 };
    const { left, top } = viewport.getBoundingClientRect();
    return { left, top, scrollLeft: viewport.scrollLeft, scrollTop: viewport.scrollTop };
  }
}

/** How far to scroll so that `start` … `start + length` is inside the view, with some air. */
function overflow(start: number, length: number, scroll: number, view: number): number {
  const before = start - MARGIN - scroll;
  const after = start + length + MARGIN - scroll - view;
  if (before < 0 || length + 2 * MARGIN > view) return before;
  return Math.max(0, after);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
