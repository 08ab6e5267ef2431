/**
 * An attachment: when what had the focus in here is taken away (deleted, moved, finished), the focus
 * goes to `next()` and not to nowhere. It never moves while its element stands.
 */
export function keepFocus(next: (root: HTMLElement) => HTMLElement | null) {
  return (root: HTMLElement): (() => void) => watch(root, (settle) => settle(next(root)));
}

/** The same for a region that is focusable itself: it takes what nothing inside it keeps. */
export function holdFocus(root: HTMLElement): () => void {
  // What stands closer to the loss, and comes back from the same change, is asked before us.
  return watch(root, (settle) => queueMicrotask(() => settle(root)));
}

type Settle = (target: HTMLElement | null) => void;

/** Calls `lost` when the element in `root` that had the focus is gone; `settle` moves it. */
function watch(root: HTMLElement, lost: (settle: Settle) => void): () => void {
  let held: Element | null = null;
  const isLost = () => held !== null && isGone(held) && document.activeElement === document.body;
  const settle: Settle = (target) => {
    if (isLost()) target?.focus({ preventScroll: true });
  };
  const onfocusin = ({ target }: FocusEvent) => {
    held = target instanceof Element && root.contains(target) ? target : null;
  };
  const observer = new MutationObserver(() => {
    if (isLost()) lost(settle);
  });
  observer.observe(root, { childList: true, subtree: true });
  document.addEventListener('focusin', onfocusin);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', onfocusin);
  };
}

/** Taken out or hidden, and not merely left by a click beside it. */
function isGone(element: Element): boolean {
  return !element.isConnected || !element.checkVisibility();
}
