/**
 * A double click means what was under its first press. Whatever comes under the pointer between the
 * two presses (a bar that opens, a dialog, a button in another's place, what a closed menu uncovers)
 * takes no second press; what stood there before takes it as ever.
 */

/** Bubbles from what the first press met when something that came meanwhile took the second one. */
export const SECOND_CLICK = 'secondclick';

/** What acts when it is pressed, or covers what does. Text fields only take the caret. */
const CONTROLS =
  'button, a[href], select, summary, label, dialog, input:not([type="text"]), [role="toolbar"], [role="menu"], [data-cover], [data-press]';
/** Fingers and pens: presses this near each other, in CSS pixels and milliseconds, are one gesture. */
const NEAR_PX = 24;
const SERIES_MS = 500;
/** As far as a mouse may move between two clicks that the system counts as a double one. */
const SLIP_PX = 6;
/** The surroundings of a press are looked at in so many steps each way: no control falls between. */
const STEPS = 2;

interface Seen {
  readonly rect: DOMRect;
  readonly words: string;
}

/** What could be pressed around a press, and what it was pressed on. */
interface Press {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly target: EventTarget | null;
  readonly control: Element | null;
  readonly seen: ReadonlyMap<Element, Seen>;
}

/** Keeps second presses from what came under the pointer after the first. */
export class ClickGuard {
  readonly #document: Document;
  /** The first press of the series that is going on. */
  #first: Press | null = null;
  #latest: Press | null = null;
  #intrudes = false;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Listen before everybody else; gives how to stop. */
  install(): () => void {
    const abort = new AbortController();
    const options = { capture: true, signal: abort.signal };
    this.#document.addEventListener('pointerdown', this.#onPointer, options);
    this.#document.addEventListener('mousedown', this.#onMouse, options);
    this.#document.addEventListener('click', this.#onClick, options);
    return () => abort.abort();
  }

  readonly #onPointer = (event: PointerEvent): void => {
    if (!event.isPrimary) return;
    // How many clicks of a mouse belong together the system says, in `mousedown`.
    const isMouse = event.pointerType === 'mouse';
    this.#latest = isMouse ? this.#look(event, SLIP_PX) : null;
    if (isMouse) return;
    if (this.#first && continues(this.#first, event)) this.#judge(event);
    else this.#begin(this.#look(event, NEAR_PX));
  };

  readonly #onMouse = (event: MouseEvent): void => {
    const latest = this.#latest;
    // Without one of its own it follows a touch, which has been judged.
    if (latest && event.detail < 2) this.#begin(latest);
    else if (latest) this.#judge(event);
    else if (this.#intrudes) swallow(event);
  };

  readonly #onClick = (event: MouseEvent): void => {
    this.#latest = null;
    if (!this.#intrudes || event.detail === 0) return; // 0: by keyboard
    this.#intrudes = false;
    swallow(event);
    const { target = null } = this.#first ?? {};
    if (!(target instanceof Element) || !target.isConnected) return;
    target.dispatchEvent(new Event(SECOND_CLICK, { bubbles: true }));
  };

  #begin(press: Press): void {
    this.#first = press;
    this.#intrudes = false;
  }

  #judge(event: MouseEvent): void {
    const { target, clientX, clientY } = event;
    this.#intrudes = this.#first !== null && cameBetween(this.#first, target, clientX, clientY);
    if (this.#intrudes) swallow(event);
  }

  #look(event: PointerEvent, reach: number): Press {
    const { clientX: x, clientY: y, timeStamp: at, target } = event;
    const seen = new Map<Element, Seen>();
    const step = reach / STEPS;
    for (let dx = -reach; dx <= reach; dx += step) {
      for (let dy = -reach; dy <= reach; dy += step) {
        const control = controlAt(this.#document.elementFromPoint(x + dx, y + dy));
        if (control && !seen.has(control)) seen.set(control, see(control));
      }
    }
    const control = controlAt(target);
    if (control) seen.set(control, see(control));
    return { at, x, y, target, control, seen };
  }
}

/** A press on another control than stood there at the first press, or on what that left bare. */
function cameBetween(first: Press, target: EventTarget | null, x: number, y: number): boolean {
  const control = controlAt(target);
  if (control === null) return first.control !== null && holds(first.seen.get(first.control), x, y);
  const then = first.seen.get(control);
  if (!then || changed(then.words, wordsOf(control))) return true;
  return control !== first.control && !holds(then, x, y);
}

function continues(first: Press, event: PointerEvent): boolean {
  const { clientX, clientY, timeStamp } = event;
  const near = Math.hypot(clientX - first.x, clientY - first.y) <= NEAR_PX;
  return near && timeStamp - first.at <= SERIES_MS;
}

function controlAt(target: EventTarget | null): Element | null {
  const control = target instanceof Element ? target.closest(CONTROLS) : null;
  return control instanceof HTMLLabelElement ? (control.control ?? control) : control;
}

function see(control: Element): Seen {
  return { rect: control.getBoundingClientRect(), words: wordsOf(control) };
}

/** What a button says it does; a bar or dialog says nothing of its own. */
function wordsOf(control: Element): string {
  if (!control.matches('button, a, summary, [data-press]')) return '';
  return (control.getAttribute('aria-label') ?? control.textContent ?? '').trim();
}

/** Another meaning: a button that counts (1 point, 2 points) is still the same one. */
function changed(before: string, now: string): boolean {
  return before !== now && !/\d/.test(before) && !/\d/.test(now);
}

function holds(seen: Seen | undefined, x: number, y: number): boolean {
  if (!seen) return false;
  const { left, top, right, bottom } = seen.rect;
  return x >= left && x <= right && y >= top && y <= bottom;
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
