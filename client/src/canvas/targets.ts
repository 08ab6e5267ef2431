/** What of the board a pointer is on. */

export function noteAt(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest<HTMLElement>('[data-note]')?.dataset['note'] ?? null;
}

/** The note whose handle for links this is. */
export function handleAt(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest<HTMLElement>('[data-link-from]')?.dataset['linkFrom'] ?? null;
}

/** The theme whose frame is under the pointer. */
export function themeAt(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest<HTMLElement>('[data-theme]')?.dataset['theme'] ?? null;
}

/** The heading of a theme: pressed it is a button, and dragged it takes the theme along. */
export function isGrip(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-grip]') !== null;
}

/** Buttons and editors on the board mind their own pointers. */
export function isControl(target: EventTarget | null): boolean {
  const own = 'button:not([data-grip]), textarea, a, [data-own], [data-press]';
  return target instanceof Element && target.closest(own) !== null;
}
