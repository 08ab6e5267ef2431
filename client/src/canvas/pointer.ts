/**
 * Mouse, pen and fingers on the canvas. One finger scrolls, also when it starts on a note; a chosen
 * note is dragged, and a theme by its heading; two fingers zoom. The middle button, or any while the
 * space bar is down, moves the board. What a pointer does, keys and buttons do as well.
 */
import type { Point } from '../layout/layout';
import { SECOND_CLICK } from '../browser/click-guard';
import type { Carry } from './carry.svelte';
import { EdgeScroll } from './edge-scroll';
import { Hand, MIDDLE_BUTTON } from './hand';
import { LongPress } from './long-press';
import { Pinch } from './pinch';
import type { Scene } from './scene.svelte';
import { touching } from './spatial';
import { handleAt, isControl, isGrip, noteAt, themeAt } from './targets';
import { zoomByTrackpad } from './trackpad';
import { dropLink } from './linking';

type Mode =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'pressed';
      readonly note: string | null;
      readonly theme: string | null;
      readonly start: Point;
    }
  | { readonly kind: 'carrying'; readonly start: Point }
  | { readonly kind: 'panning' }
  | { readonly kind: 'linking'; readonly note: string }
  | { readonly kind: 'framing'; readonly start: Point; readonly before: ReadonlySet<string> };

const THRESHOLD_PX = 4;
const DOUBLE_MS = 380;
/** Slower ones count as well, where the system counts: its owner has set how slow hands may be. */
const DOUBLE_CLICK = 2;
const DOUBLE_PX = 24;
const NEW_NOTE_SHIFT: Point = { x: -100, y: -30 };

/** One canvas's answers to mouse, pen and fingers: what a press begins, and how it ends. */
export class PointerControl {
  readonly #scene: Scene;
  readonly #carry: Carry;
  readonly #viewport: HTMLElement;
  #mode: Mode = { kind: 'idle' };
  #last: { x: number; y: number } = { x: 0, y: 0 };
  #lastTap = { at: 0, x: 0, y: 0 };
  #dragged = false;
  /** What is carried goes where the pointer goes, beside lines too: Ctrl is held. */
  #free = false;
  readonly #hand: Hand;
  readonly #press = new LongPress((note, at) => this.#pressedLong(note, at));
  readonly #pinch: Pinch;
  readonly #edges: EdgeScroll;
  /** Whose press this is: other fingers neither move nor end what it drags. */
  #pointer: number | null = null;

  constructor(scene: Scene, carry: Carry, viewport: HTMLElement) {
    this.#scene = scene;
    this.#carry = carry;
    this.#viewport = viewport;
    this.#hand = new Hand(scene);
    this.#edges = new EdgeScroll(viewport, scene.camera);
    this.#pinch = new Pinch(scene.camera, {
      drags: () => this.#mode.kind !== 'idle' && this.#mode.kind !== 'pressed',
      interrupt: () => void (this.#mode.kind !== 'idle' && this.cancel()),
    });
  }

  /** Listen; gives how to stop. */
  attach(): () => void {
    const abort = new AbortController();
    const { signal } = abort;
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
      options: AddEventListenerOptions = {},
    ) => this.#viewport.addEventListener(type, listener, { ...options, signal });
    on('pointerdown', this.#onDown);
    on('pointermove', this.#onMove);
    on('pointerup', this.#onUp);
    on('pointercancel', this.#onCancel);
    on('lostpointercapture', this.#onLost);
    on('contextmenu', this.#onContextMenu);
    on('mousedown', (event) => event.button === MIDDLE_BUTTON && event.preventDefault());
    addEventListener('keyup', (event) => event.key === ' ' && this.#hand.spaceUp(), { signal });
    addEventListener('blur', this.#letGo, { signal });
    addEventListener('blur', () => this.#hand.spaceUp(false), { signal });
    on('pointerleave', () => this.#scene.session.presence.point(null));
    on('click', this.#onClick);
    on('click', this.#onClickFirst, { capture: true });
    this.#viewport.addEventListener(SECOND_CLICK, this.#onSecond, { signal });
    on('wheel', this.#onWheel, { passive: false });
    on('touchstart', this.#pinch.onTouch, { passive: false });
    on('touchmove', this.#pinch.onTouch, { passive: false });
    on('touchend', this.#pinch.onEnd);
    zoomByTrackpad(this.#viewport, this.#scene.camera, () => this.#pinch.active, signal);
    return () => {
      this.#edges.stop();
      abort.abort();
    };
  }

  /** The space bar is down: with it the pointer moves the board. `act`: what it does by itself. */
  spaceDown(act: () => void): void {
    this.#hand.spaceDown(act);
  }

  /** As if the drag had never begun; false when there was none. */
  cancel(): boolean {
    const { kind } = this.#mode;
    if (kind === 'carrying') this.#carry.restore();
    this.#rest();
    return kind !== 'idle' && kind !== 'pressed';
  }

  /** What is carried stands where it was seen last: the release was not heard, or is not to come. */
  readonly #letGo = (): void => {
    if (this.#mode.kind === 'carrying') this.#carry.putDown();
    this.#rest();
  };

  #rest(): void {
    this.#scene.linking = null;
    this.#scene.marquee = null;
    this.#mode = { kind: 'idle' };
    this.#pointer = null;
    this.#hand.end();
    this.#press.stop();
    this.#edges.stop();
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (!event.isPrimary) return;
    this.#dragged = false;
    this.#letGo();
    if (this.#carry.moving) this.#carry.putDown();
    if (this.#hand.takes(event)) return this.#beginPan(event);
    if (event.button !== 0) return;
    this.#pointer = event.pointerId;
    this.#scene.pressed = { x: event.clientX, y: event.clientY };
    const from = handleAt(event.target);
    if (from !== null) return this.#beginLink(from, event);
    if (isControl(event.target)) return;
    const { workspace } = this.#scene.session;
    const note = noteAt(event.target);
    this.#scene.taken = note;
    const theme = note === null ? themeAt(event.target) : null;
    const touch = event.pointerType === 'touch';
    if (touch && note !== null) this.#press.begin(note, event);
    const takes = note === null ? isGrip(event.target) : workspace.selection.has(note);
    // A finger that does not start on a chosen note or a heading scrolls: the browser does that.
    if (touch && !takes) return;
    this.#mode = { kind: 'pressed', note, theme, start: this.#pointOf(event) };
    this.#last = { x: event.clientX, y: event.clientY };
    const adds = isAdditive(event) || workspace.choosing;
    if (note !== null && !workspace.selection.has(note) && !adds) workspace.select([note]);
  };

  #beginPan(event: PointerEvent): void {
    event.preventDefault();
    this.#dragged = true;
    this.#pointer = event.pointerId;
    this.#viewport.setPointerCapture(event.pointerId);
    this.#mode = { kind: 'panning' };
    this.#hand.begin(event);
  }

  #pressedLong(note: string, at: Point): void {
    if (this.#mode.kind !== 'idle' && this.#mode.kind !== 'pressed') return;
    this.#rest();
    this.#dragged = true;
    if (this.#scene.session.mayWrite) this.#askMenu(note, at);
  }

  /** The menu that the note's button has; a browser's own stays where there is none of ours. */
  readonly #onContextMenu = (event: MouseEvent): void => {
    const note = isControl(event.target) ? null : noteAt(event.target);
    if (note === null || !this.#scene.session.mayWrite) {
      if (this.#mode.kind !== 'pressed') this.cancel();
      return;
    }
    event.preventDefault();
    const isByFinger = event instanceof PointerEvent && event.pointerType === 'touch';
    // A finger is still down: our own clock opens it, as some browsers never say a finger rests.
    if (isByFinger || this.#mode.kind === 'carrying') return;
    this.cancel();
    this.#askMenu(note, { x: event.clientX, y: event.clientY });
  };

  #askMenu(note: string, at: Point): void {
    const { workspace } = this.#scene.session;
    workspace.endEdit();
    if (!workspace.selection.has(note)) workspace.select([note]);
    workspace.focusOn(note);
    this.#scene.pressed = null;
    this.#scene.asked = at;
  }

  #beginLink(note: string, event: PointerEvent): void {
    this.#dragged = true;
    this.#viewport.setPointerCapture(event.pointerId);
    this.#mode = { kind: 'linking', note };
    this.#last = { x: event.clientX, y: event.clientY };
    this.#scrollAtEdges();
  }

  readonly #onMove = (event: PointerEvent): void => {
    const point = this.#pointOf(event);
    if (event.pointerType !== 'touch') this.#point(point);
    const mode = this.#mode;
    this.#press.moved(event);
    if (mode.kind === 'idle' || event.pointerId !== this.#pointer) return;
    if (event.buttons === 0) return this.#letGo();
    const { x, y } = this.#last;
    if (mode.kind === 'panning') return this.#hand.move(event);
    if (mode.kind === 'pressed') {
      if (Math.hypot(event.clientX - x, event.clientY - y) < THRESHOLD_PX) return;
      this.#begin(mode, event);
    }
    this.#last = { x: event.clientX, y: event.clientY };
    this.#free = event.ctrlKey || event.metaKey;
    this.#follow();
  };

  readonly #onUp = (event: PointerEvent): void => {
    this.#press.stop();
    if (event.pointerId !== this.#pointer) return;
    const { linking } = this.#scene;
    if (linking) dropLink(this.#scene, linking.note, linking.at);
    this.#letGo();
  };

  readonly #onCancel = (event: PointerEvent): void => {
    this.#press.stop();
    if (event.pointerId === this.#pointer) this.cancel();
  };

  readonly #onLost = (event: PointerEvent): void => {
    // A note that a finger came down on loses it to us when the drag begins.
    if (event.target === this.#viewport && event.pointerId === this.#pointer) this.#letGo();
  };

  #begin(mode: Mode & { kind: 'pressed' }, event: PointerEvent): void {
    const { session } = this.#scene;
    const { workspace } = session;
    this.#dragged = true;
    this.#viewport.setPointerCapture(event.pointerId);
    if (mode.note === null && mode.theme === null) {
      const before = isAdditive(event) ? workspace.selection : new Set<string>();
      this.#mode = { kind: 'framing', start: mode.start, before };
    } else if (session.mayWrite) {
      this.#pickUp(mode);
      if (!this.#carry.active && !this.#carry.theme) return void (this.#mode = { kind: 'idle' });
      this.#mode = { kind: 'carrying', start: mode.start };
      this.#scrollAtEdges();
    } else this.#mode = { kind: 'idle' };
  }

  #pickUp({ note, theme }: Mode & { kind: 'pressed' }): void {
    const { workspace, theming } = this.#scene.session;
    workspace.endEdit();
    theming.endNaming();
    if (theme !== null) return this.#carry.pickUpTheme(theme);
    if (note !== null && !workspace.selection.has(note)) workspace.toggle(note);
    this.#carry.pickUp([...workspace.selection]);
  }

  #follow(): void {
    const point = this.#scene.camera.toBoard(this.#last.x, this.#last.y);
    const mode = this.#mode;
    if (mode.kind === 'carrying') {
      const { start } = mode;
      this.#carry.carryBy(point.x - start.x, point.y - start.y, point, this.#free);
    } else if (mode.kind === 'linking') {
      this.#scene.linking = { note: mode.note, at: point };
    } else if (mode.kind === 'framing') {
      const area = {
        x: Math.min(point.x, mode.start.x),
        y: Math.min(point.y, mode.start.y),
        width: Math.abs(point.x - mode.start.x),
        height: Math.abs(point.y - mode.start.y),
      };
      this.#scene.marquee = area;
      const chosen = touching(this.#scene.boxes(), area);
      this.#scene.session.workspace.select([...mode.before, ...chosen]);
    }
  }

  #scrollAtEdges(): void {
    this.#edges.start(
      () => this.#last,
      () => this.#follow(),
    );
  }

  /** What was dragged by a button was not pressed. */
  readonly #onClickFirst = (event: MouseEvent): void => {
    if (this.#dragged && isGrip(event.target)) event.stopPropagation();
  };

  /** A tap or click that was no drag; two of them at one spot write. */
  readonly #onClick = (event: MouseEvent): void => {
    if (this.#dragged || isControl(event.target) || isGrip(event.target)) return;
    const { workspace } = this.#scene.session;
    const note = noteAt(event.target);
    const twice = this.#isSecond(event);
    if (note !== null) {
      workspace.focusOn(note);
      if (isAdditive(event) || workspace.choosing) workspace.toggle(note);
      else workspace.select([note]);
      if (twice) workspace.edit(note);
    } else {
      workspace.endEdit();
      workspace.select([]);
      if (twice) this.#writeAt(this.#pointOf(event), themeAt(event.target));
    }
  };

  /** The second click on a note whose place something took between the two. */
  readonly #onSecond = ({ target }: Event): void => {
    const note = noteAt(target);
    if (note === null || this.#dragged || isControl(target)) return;
    this.#scene.session.workspace.focusOn(note);
    this.#scene.session.workspace.edit(note);
  };

  #isSecond(event: MouseEvent): boolean {
    const { at, x, y } = this.#lastTap;
    const near = Math.hypot(event.clientX - x, event.clientY - y) < DOUBLE_PX;
    const soon = event.timeStamp - at < DOUBLE_MS;
    const twice = near && (soon || event.detail === DOUBLE_CLICK);
    this.#lastTap = { at: twice ? 0 : event.timeStamp, x: event.clientX, y: event.clientY };
    return twice;
  }

  #writeAt(point: Point, theme: string | null): void {
    const zone = this.#scene.zoneUnder(point);
    if (!zone) return;
    if (theme !== null) {
      this.#scene.session.workspace.addNote(zone, null, theme);
      return;
    }
    const corner = { x: point.x + NEW_NOTE_SHIFT.x, y: point.y + NEW_NOTE_SHIFT.y };
    this.#scene.session.workspace.addNote(zone, this.#scene.placeIn(zone.spec.id, corner));
  }

  readonly #onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const factor = Math.exp(-clampDelta(event.deltaY) / 300);
    this.#scene.camera.zoomBy(factor, { x: event.clientX, y: event.clientY });
  };

  #point(point: Point): void {
    const cursor = this.#scene.within(point);
    this.#scene.lastZone = cursor?.zone ?? null;
    this.#scene.session.presence.point(cursor);
  }

  #pointOf(event: MouseEvent): Point {
    return this.#scene.camera.toBoard(event.clientX, event.clientY);
  }
}

function isAdditive(event: MouseEvent): boolean {
  return event.shiftKey || event.ctrlKey || event.metaKey;
}

function clampDelta(delta: number): number {
  return Math.max(-120, Math.min(120, delta));
}
