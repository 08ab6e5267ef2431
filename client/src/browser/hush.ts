/**
 * Letters for a field that was taken away under the hands (deleted, locked, gathered) are nobody's:
 * they press no button and run no shortcut, until the hands pause or go elsewhere of their own accord.
 */

/** So long without a key is a pause; who stops for a word that does not come is still writing. */
export const PAUSE_MS = 3500;

type Field = HTMLTextAreaElement | HTMLInputElement;
const NO_TEXT = ['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'color', 'file'];
const MODIFIERS = ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock'];

/** A silence for keys after their field was taken away, until the hands pause. */
export class Hush {
  readonly #window: Window;
  readonly #now: () => number;
  /** Where the hands write, or wrote when it was taken away. */
  #field: Field | null = null;
  #at = 0;
  #last: KeyboardEvent | null = null;
  readonly #watch = new MutationObserver(() => this.#look());

  /** `now`: milliseconds. */
  constructor(window: Window, now: () => number = () => performance.now()) {
    this.#window = window;
    this.#now = now;
  }

  /** Listen before everybody else; gives how to stop. */
  install(): () => void {
    const abort = new AbortController();
    const first = { capture: true, signal: abort.signal };
    this.#window.addEventListener('focusin', this.#onFocus, first);
    this.#window.addEventListener('keydown', this.#onKey, first);
    this.#window.addEventListener('keyup', this.#onKeyUp, first);
    this.#window.addEventListener('pointerdown', this.#forget, first);
    return () => {
      abort.abort();
      this.#forget();
    };
  }

  readonly #onFocus = ({ target }: FocusEvent): void => {
    const field = fieldOf(target);
    this.#last = null;
    if (field) this.#begin(field);
    else if (this.#field && !isTaken(this.#field)) this.#forget(); // it was left, as people leave
  };

  #begin(field: Field): void {
    if (field === this.#field || isTaken(field)) return;
    this.#field = field;
    const { body } = field.ownerDocument;
    this.#watch.observe(body, { subtree: true, childList: true });
    this.#watch.observe(field, { attributes: true });
  }

  readonly #forget = (): void => {
    this.#field = null;
    this.#watch.disconnect();
  };

  /** The pause counts from when the field went. */
  #look(): void {
    if (!this.#field || !isTaken(this.#field)) return;
    this.#watch.disconnect();
    this.#at = this.#now();
    // A key that somebody acted on, such as one that ends a note, was no letter.
    if (this.#last?.defaultPrevented) this.#forget();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (MODIFIERS.includes(event.key)) return;
    const field = fieldOf(event.target);
    if (field) {
      this.#last = event;
      if (leaves(event, field)) this.#forget();
      else this.#begin(field);
    } else if (event.key === 'Tab') this.#forget();
    else if (this.#isHushed()) {
      this.#at = this.#now();
      swallow(event);
    }
  };

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    // Firefox presses a button when the space bar comes up, whatever became of its going down.
    if (event.key !== 'Tab' && fieldOf(event.target) === null && this.#isHushed()) swallow(event);
  };

  #isHushed(): boolean {
    if (this.#watch.takeRecords().length > 0) this.#look();
    if (!this.#field || !isTaken(this.#field)) return false;
    if (this.#now() - this.#at >= PAUSE_MS) this.#forget();
    return this.#field !== null;
  }
}

function isTaken(field: Field): boolean {
  return !field.isConnected || field.readOnly || field.disabled;
}

/** The text field that takes this key. */
function fieldOf(target: EventTarget | null): Field | null {
  if (target instanceof HTMLInputElement) return NO_TEXT.includes(target.type) ? null : target;
  return target instanceof HTMLTextAreaElement ? target : null;
}

/** Keys by which people leave a field: they know what comes next. */
function leaves({ key }: KeyboardEvent, field: Field): boolean {
  return (
    key === 'Tab' || key === 'Escape' || (key === 'Enter' && field instanceof HTMLInputElement)
  );
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
