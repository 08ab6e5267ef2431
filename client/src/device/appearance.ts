/** Light or dark. (A theme, in this house, is a named cluster of notes.) */
export const APPEARANCES = ['auto', 'light', 'dark'] as const;
export type Appearance = (typeof APPEARANCES)[number];

const KEY = 'hahmo_appearance';

/** The choice kept on this device; `auto` follows the device. */
export function appearance(): Appearance {
  const kept = remembered();
  return APPEARANCES.find((name) => name === kept) ?? 'auto';
}

export function setAppearance(name: Appearance): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Storage may be forbidden; the choice then holds until the page is left.
  }
  show(name);
}

/** Show the kept choice; called before the page is drawn. */
export function applyAppearance(): void {
  show(appearance());
}

function show(name: Appearance): void {
  if (name === 'auto') delete document.documentElement.dataset['appearance'];
  else document.documentElement.dataset['appearance'] = name;
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
