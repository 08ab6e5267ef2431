/**
 * The view onto the board: native scrolling, and a scale. Screen positions are CSS pixels. A board
 * is readable first and fits next, and what one looks at stays where it is when others make it grow.
 */
import { flushSync } from 'svelte';
import type { Box, Point } from '../layout/layout';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the camera looks at. */
export interface Ground extends Size {
  /** CSS pixels that stand beside the zones, on their left. */
  readonly gutter: number;
  /** CSS pixels of its height that no zoom changes. */
  readonly fixed: number;
  /** How far down its notes reach, read whole; board units. */
  readonly reach: number;
  /** Hold on to a spot of the board: gives where that is when the board has changed. */
  readonly follow: (point: Point) => () => Point;
}

const MIN_ZOOM = 0.1;
const MAX_ZOOM = 2.5;
const STEP = 1.2;
/** Text of 16 units is 12 px on the screen: smaller than that a board opens nowhere. */
export const READABLE = 0.75;
/** Paper around the board, and where every pixel is needed. */
const MARGIN = 12;
const NARROW_MARGIN = 6;
const NARROW_PX = 600;
/** What of the board stays at the upper edge while it is scrolled. */
const HEAD = 56;
/** Below it, what is docked over the lower edge while notes are chosen gets room of its own: one row of it. */
export const BOTTOM = 68;
/** Around what is docked there. */
const BOTTOM_GAP = 16;
/** Nobody sits closer to a screen as wide as this, so that notes need not be larger than life... */
const FIT_MOST = 1.15;
/** ...and a wider one is looked at from further away. */
const FAR_PX = 1400;
/** Around what is brought into sight. */
const AIR = 16;
/** Of what is drawn in full, in screens. */
const WIDTH_OF_SIGHT = 3;
/** A board is large that is so many screens wide or tall. */
const LARGE = 1.5;
/** Scrolled no further than this, one is at the board's beginning and stays there. */
const START_PX = 8;

/** One canvas's view onto its board: the part that is in sight, and how large it is drawn. */
export class Camera {
  zoom = $state(1);
  /** Of the visible area. */
  view = $state.raw<Size>({ width: 0, height: 0 });
  /** How much of its lower edge something lies over, CSS pixels. */
  covered = $state(0);
  /** How far down something reaches that is not of the board, board units. */
  reach = $state(0);
  /** How far the board is scrolled, CSS pixels. */
  scrolled = $state.raw({ left: 0, top: 0 });
  /** What is drawn in full: the screen and another one on each side of it, board units. Null: all. */
  sight = $state.raw<Box | null>(null);
  readonly #ground: Ground;
  #viewport: HTMLElement | null = null;
  /** The person has chosen a zoom: a resized window keeps it. */
  #chosen = false;
  /** What stands in the middle of the screen, unless one is at the beginning. */
  #held: (() => Point) | null = null;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get margin(): number {
    return this.view.width < NARROW_PX ? NARROW_MARGIN : MARGIN;
  }

  /** Left edge of the zones within the scrolled area; a narrow board stands in the middle. */
  get left(): number {
    const { width, gutter } = this.#ground;
    const middle = (this.view.width - width * this.zoom + gutter) / 2;
    return Math.max(this.margin + gutter, middle);
  }

  get top(): number {
    return this.margin;
  }

  /** What can be scrolled over. */
  get area(): Size {
    const { width, height } = this.#ground;
    const bottom = Math.max(height, this.#ground.reach, this.reach);
    return {
      width: Math.max(this.view.width, this.left + width * this.zoom + this.margin),
      height: Math.max(this.view.height, bottom * this.zoom + this.top + this.#bottom),
    };
  }

  get #bottom(): number {
    return Math.max(BOTTOM, this.covered + BOTTOM_GAP);
  }

  attach(viewport: HTMLElement): () => void {
    this.#viewport = viewport;
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(viewport);
    const hold = () => {
      this.#hold();
      this.look();
      this.scrolled = { left: viewport.scrollLeft, top: viewport.scrollTop };
    };
    viewport.addEventListener('scroll', hold, { passive: true });
    this.#measure();
    return () => {
      observer.disconnect();
      viewport.removeEventListener('scroll', hold);
    };
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

  /** A box of the board, where it is on the screen. */
  toScreen({ x, y, width, height }: Box): DOMRect {
    const { left, top, scrollLeft, scrollTop } = this.#origin();
    return new DOMRect(
      left - scrollLeft + this.left + x * this.zoom,
      top - scrollTop + this.top + y * this.zoom,
      width * this.zoom,
      height * this.zoom,
    );
  }

  /** Where on the screen the board is looked at, without what headings lie over. */
  get room(): DOMRect {
    const { left, top } = this.#origin();
    const { width, height } = this.view;
    return new DOMRect(left, top + HEAD, width, Math.max(0, height - HEAD));
  }

  /** What of the board is on the screen now. */
  visible(): Box {
    const { left, top } = this.#origin();
    const start = this.toBoard(left, top);
    return { ...start, width: this.view.width / this.zoom, height: this.view.height / this.zoom };
  }

  /** The same without what headings and what is docked there lie over. */
  clear(): Box {
    const { x, y, width } = this.visible();
    const height = Math.max(0, this.view.height - HEAD - this.covered);
    return { x, y: y + HEAD / this.zoom, width, height: height / this.zoom };
  }

  /** The screen shows another part of the board: what is drawn in full follows in large steps. */
  look(): void {
    const now = this.visible();
    const { sight } = this;
    const isFar = sight === null || sight.width > 2 * WIDTH_OF_SIGHT * now.width;
    if (isFar || !holds(sight, around(now, 0.5))) this.sight = around(now, 1);
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
    const { width, height, gutter, fixed } = this.#ground;
    const across = (this.view.width - 2 * this.margin - gutter) / Math.max(1, width);
    const scaled = Math.max(1, height - fixed / this.zoom);
    const down = (this.view.height - this.top - BOTTOM - fixed) / scaled;
    this.zoom = clamp(Math.min(across, down), MIN_ZOOM, this.#most);
    this.#scrollToStart();
  }

  /** A part of the board, as near as it is seen whole. `part`: its box, asked for again at the new zoom. */
  fitPart(part: () => Box | null): void {
    const before = part();
    if (!before) return;
    this.#chosen = true;
    const across = (this.view.width - 2 * AIR) / Math.max(1, before.width);
    const down = (this.view.height - HEAD - BOTTOM - 2 * AIR) / Math.max(1, before.height);
    this.zoom = clamp(Math.min(across, down), MIN_ZOOM, this.#most);
    flushSync();
    const box = part() ?? before;
    const aside = (this.view.width - box.width * this.zoom) / 2;
    const over = (this.view.height - HEAD - BOTTOM - box.height * this.zoom) / 2;
    this.#viewport?.scrollTo(
      box.x * this.zoom + this.left - aside,
      box.y * this.zoom + this.top - HEAD - Math.max(AIR, over),
    );
    this.#hold();
  }

  /** As wide as the screen, readable; a board that grows is scrolled downwards. */
  fitWidth(): void {
    this.#chosen = false;
    this.zoom = this.opening;
  }

  /** The zoom at which a board opens: as wide as the screen, within what can be read. */
  get opening(): number {
    const { width, gutter } = this.#ground;
    const room = this.view.width - 2 * this.margin - gutter;
    return clamp(room / Math.max(1, width), READABLE, this.#most);
  }

  get #most(): number {
    return Math.max(FIT_MOST, this.view.width / FAR_PX);
  }

  /** The board has got another shape: what was in the middle of the screen is there again. */
  keep(): void {
    const viewport = this.#viewport;
    if (!viewport || !this.#held) return;
    const { x, y } = this.#held();
    const left = x * this.zoom + this.left - this.view.width / 2;
    const top = y * this.zoom + this.top - this.view.height / 2;
    // A browser may scroll to whole pixels only: what is not off by one stays.
    if (Math.abs(left - viewport.scrollLeft) < 1 && Math.abs(top - viewport.scrollTop) < 1) return;
    viewport.scrollTo(left, top);
  }

  #hold(): void {
    const viewport = this.#viewport;
    const isAway = viewport !== null && viewport.scrollTop >= START_PX;
    const { x, y } = this.#middle();
    this.#held = isAway ? this.#ground.follow(this.toBoard(x, y)) : null;
  }

  pan(dx: number, dy: number): void {
    this.#viewport?.scrollBy(dx, dy);
    this.#hold();
  }

  /** Bring a point of the board into the middle of the screen. */
  centre({ x, y }: Point): void {
    this.#viewport?.scrollTo(
      x * this.zoom + this.left - this.view.width / 2,
      y * this.zoom + this.top - this.view.height / 2,
    );
    this.#hold();
  }

  /** Much more of the board than the screen shows. */
  get isLarge(): boolean {
    const { width, height } = this.area;
    const most = Math.max(width / this.view.width, height / this.view.height);
    return this.view.width > 0 && most > LARGE;
  }

  /** Whether something as tall as this, board units, is seen whole. */
  fits(height: number): boolean {
    return height * this.zoom + HEAD + 2 * AIR <= this.view.height - this.#bottom;
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
      viewport.scrollTop + HEAD,
      this.view.height - HEAD - this.#bottom,
    );
    if (dx !== 0 || dy !== 0) viewport.scrollBy({ left: dx, top: dy });
    this.#hold();
  }

  #zoomTo(zoom: number, at: Point): void {
    const spot = this.#ground.follow(this.toBoard(at.x, at.y));
    this.zoom = clamp(zoom, MIN_ZOOM, MAX_ZOOM);
    // The area has to have its new size before it can be scrolled there.
    flushSync();
    const { left, top } = this.#origin();
    const { x, y } = spot();
    this.#viewport?.scrollTo(
      x * this.zoom + this.left - (at.x - left),
      y * this.zoom + this.top - (at.y - top),
    );
    this.#hold();
  }

  #scrollToStart(): void {
    flushSync();
    this.#viewport?.scrollTo(0, 0);
    this.#held = null;
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

/** A box with so many times its size on each side. */
function around({ x, y, width, height }: Box, times: number): Box {
  const [dx, dy] = [width * times, height * times];
  return { x: x - dx, y: y - dy, width: width + 2 * dx, height: height + 2 * dy };
}

function holds(outer: Box, { x, y, width, height }: Box): boolean {
  const across = x >= outer.x && x + width <= outer.x + outer.width;
  return across && y >= outer.y && y + height <= outer.y + outer.height;
}

/** How far to scroll so that `start` … `start + length` is inside the view, with some air. */
function overflow(start: number, length: number, scroll: number, view: number): number {
  const before = start - AIR - scroll;
  const after = start + length + AIR - scroll - view;
  if (before < 0 || length + 2 * AIR > view) return before;
  return Math.max(0, after);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
