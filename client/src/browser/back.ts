/**
 * Back, as phones have it, closes what is open before it leaves the page. While anything is open one
 * entry of the history stands on top of the page's own; it goes when nothing is.
 */

const MARK = 'hahmo';
type Standing = 'page' | 'open';

/** The browser's button Back, for one page: closes the topmost of what is open on it. */
export class Back {
  readonly #window: Window;
  readonly #layers: (() => void)[] = [];
  /** The history stands on the entry of ours. */
  #armed = false;
  /** It is on its way down from there. */
  #leaving = false;
  #looking = false;

  constructor(window: Window) {
    this.#window = window;
    this.#armed = this.#standing === 'open'; // the page was loaded anew there
    window.addEventListener('popstate', this.#onPop);
    this.#lookSoon();
  }

  /** Something has opened; `close` is what Back does to it. Gives how to tell that it is closed. */
  open(close: () => void): () => void {
    const layer = () => close();
    this.#layers.push(layer);
    this.#lookSoon();
    return () => {
      const at = this.#layers.indexOf(layer);
      if (at >= 0) this.#layers.splice(at, 1);
      this.#lookSoon();
    };
  }

  get #standing(): Standing | null {
    const state: unknown = this.#window.history.state;
    if (typeof state !== 'object' || state === null || !(MARK in state)) return null;
    return state[MARK] as Standing;
  }

  #mark(standing: Standing): object {
    const state: unknown = this.#window.history.state;
    return { ...(typeof state === 'object' ? state : {}), [MARK]: standing };
  }

  /** A moment later: what closes as another opens is one and the same. */
  #lookSoon(): void {
    if (this.#looking) return;
    this.#looking = true;
    setTimeout(() => {
      this.#looking = false;
      this.#look();
    });
  }

  #look(): void {
    if (this.#leaving) return;
    const { history } = this.#window;
    if (this.#layers.length > 0 && !this.#armed) {
      history.replaceState(this.#mark('page'), '');
      history.pushState(this.#mark('open'), '');
      this.#armed = true;
    } else if (this.#layers.length === 0 && this.#armed) {
      this.#armed = false;
      // A link may have led on meanwhile: then the entry is not on top, and is passed later.
      if (this.#standing !== 'open') return;
      this.#leaving = true;
      history.back();
    }
  }

  readonly #onPop = (): void => {
    const standing = this.#standing;
    const wasArmed = this.#armed;
    this.#armed = standing === 'open';
    if (this.#leaving) this.#leaving = false;
    else if (wasArmed && standing === 'page') this.#layers.at(-1)?.();
    this.#lookSoon();
  };
}

let back: Back | null = null;

/** Only where Back is at hand: with a mouse it leads to the page before, as everywhere. */
export function followBack(window: Window): void {
  if (window.matchMedia('(pointer: coarse)').matches) back = new Back(window);
}

/** Let Back do `close` to what has opened; gives how to tell that it is closed. */
export function onBack(close: () => void): () => void {
  return back?.open(close) ?? (() => undefined);
}
