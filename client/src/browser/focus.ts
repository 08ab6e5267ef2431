/** Helpers for where the keyboard is. */

/**
 * Remember what has the focus now; the answer gives it back, unless the person has gone elsewhere.
 * Where nothing had it, or it is gone meanwhile, the page's main part takes it.
 */
export function focusReturner(): () => void {
  const before = document.activeElement;
  return () => {
    const now = document.activeElement;
    const lost = now === null || now === document.body || !now.isConnected;
    if (!lost) return;
    const stands = before instanceof HTMLElement && before.isConnected && before !== document.body;
    (stands ? before : mainPart())?.focus();
  };
}

/** Where a page's own content begins. */
export function mainPart(): HTMLElement | null {
  return document.querySelector('main');
}

/**
 * Where an arrow key leads in a row or column of `count` items; null for other keys.
 * Up and left go back, down and right go on, both around the end; Home and End jump.
 */
export function arrowTarget(key: string, from: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key === 'ArrowDown' || key === 'ArrowRight') return (from + 1) % count;
  if (key === 'ArrowUp' || key === 'ArrowLeft') return (from - 1 + count) % count;
  return null;
}

/** Somebody is writing a text of several lines. */
export function isWriting(): boolean {
  return document.activeElement instanceof HTMLTextAreaElement;
}

/** Of a press beside a text: whoever writes it goes on; caret and a phone's keys stay. */
export function keepWriting(event: MouseEvent): void {
  if (isWriting()) event.preventDefault();
}
