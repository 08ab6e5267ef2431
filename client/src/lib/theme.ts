export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'hahmo_theme';

/** The choice kept on this device; `auto` follows the device. */
export function theme(): Theme {
  const kept = remembered();
  return THEMES.find((name) => name === kept) ?? 'auto';
}

export function setTheme(name: Theme): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Storage may be forbidden; the choice then holds until the page is left.
  }
  show(name);
}

/** Show the kept choice; called before the page is drawn. */
export function applyTheme(): void {
  show(theme());
}

function show(name: Theme): void {
  if (name === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = name;
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
