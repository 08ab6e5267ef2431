/**
 * Keys of a phone that lie over the page: an attachment of what stands at the lower edge, which makes
 * room for them. Where they make the page smaller, as on most, there is nothing to do.
 */

/** Bars of the browser come and go; keys are taller. CSS pixels. */
const LEAST_PX = 80;

export function aboveKeys(edge: HTMLElement): (() => void) | undefined {
  const view = visualViewport;
  if (!view) return undefined;
  const rise = () => {
    // Zoomed by two fingers one sees less of the page, and no keys are there.
    const hidden = innerHeight - view.height * view.scale;
    const keys = hidden < LEAST_PX ? 0 : Math.round(hidden);
    edge.style.paddingBlockEnd = keys === 0 ? '' : `${keys}px`;
    document.documentElement.toggleAttribute('data-keys', keys > 0);
    // Whatever has moved the page to show the field: now it is in sight where it stands.
    if (keys > 0 && view.offsetTop > 0) scrollTo(0, 0);
  };
  view.addEventListener('resize', rise);
  rise();
  return () => {
    view.removeEventListener('resize', rise);
    document.documentElement.removeAttribute('data-keys');
  };
}
