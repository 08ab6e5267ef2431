/**
 * An attachment: when what had the focus in here is taken away (deleted, moved, finished), the focus
 * goes to `next()` and not to nowhere. It never moves while its element stands.
 */
export function keepFocus(next: () => HTMLElement | null) {
  return (root: HTMLElement): (() => void) => {
    let here = false;
    const onfocusin = ({ target }: FocusEvent) => {
      here = target instanceof Node && root.contains(target);
    };
    const observer = new MutationObserver(() => {
      if (here && document.activeElement === document.body) next()?.focus({ preventScroll: true });
    });
    observer.observe(root, { childList: true, subtree: true });
    document.addEventListener('focusin', onfocusin);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', onfocusin);
    };
  };
}
