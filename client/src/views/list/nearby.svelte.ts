/** Which rows of a long list are on the screen, or nearly: the others need no more than their text. */
import { flushSync } from 'svelte';

/** How far off is nearly: whoever tabs on or scrolls meets rows that are there. */
const AROUND = '150% 0px';

type Tell = (near: boolean) => void;

const tells = new WeakMap<Element, Tell>();
const observers = new WeakMap<Element, IntersectionObserver>();

let printing = $state(false);
addEventListener('beforeprint', () => flushSync(() => (printing = true)));
addEventListener('afterprint', () => (printing = false));

/** On paper all is near. Reactive. */
export function isPrinting(): boolean {
  return printing;
}

/** Tell whether a row is near; one in which the keyboard is stays so. For `{@attach}`. */
export function whileNear(tell: Tell): (row: Element) => () => void {
  return (row) => {
    const scroller = row.closest('.zones') ?? document.documentElement;
    const observer = observers.get(scroller) ?? observe(scroller);
    tells.set(row, tell);
    observer.observe(row);
    return () => observer.unobserve(row);
  };
}

function observe(scroller: Element): IntersectionObserver {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        tells.get(target)?.(isIntersecting || target.contains(document.activeElement));
      }
    },
    { root: scroller, rootMargin: AROUND },
  );
  observers.set(scroller, observer);
  return observer;
}
