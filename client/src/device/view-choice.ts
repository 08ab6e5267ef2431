/** Canvas or list: both do everything. A narrow screen starts with the list; the choice is kept. */
export type ViewName = 'canvas' | 'list';

const KEY = 'hahmo_view';
const NARROW = '(max-width: 699px)';

export function chosenView(): ViewName {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'canvas' || kept === 'list') return kept;
  } catch {
    // Storage may be forbidden: the width decides.
  }
  return matchMedia(NARROW).matches ? 'list' : 'canvas';
}

export function keepView(view: ViewName): void {
  try {
    localStorage.setItem(KEY, view);
  } catch {
    // As above: it holds for this visit.
  }
}
