/** The keyboard map of the canvas: a key press to a command, or null when it is not ours. */
import type { Direction } from './spatial';

export type Command =
  | { readonly name: 'focus'; readonly direction: Direction; readonly extend: boolean }
  | { readonly name: 'nudge'; readonly dx: number; readonly dy: number }
  | { readonly name: Plain };

type Plain =
  | 'first'
  | 'last'
  | 'first-zone'
  | 'last-zone'
  | 'next-zone'
  | 'previous-zone'
  | 'give-dot'
  | 'take-dot'
  | 'edit'
  | 'write'
  | 'toggle'
  | 'move'
  | 'drop'
  | 'restore'
  | 'menu'
  | 'new'
  | 'became'
  | 'delete'
  | 'theme'
  | 'all'
  | 'duplicate'
  | 'undo'
  | 'redo'
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'help'
  | 'clear';

export interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

const STEP = 10;
const BIG_STEP = 50;
const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const WITH_CTRL: Readonly<Record<string, Plain>> = {
  a: 'all',
  d: 'duplicate',
  z: 'undo',
  y: 'redo',
  Home: 'first-zone',
  End: 'last-zone',
  Enter: 'give-dot', // never a letter: votes are counted
};
const ALONE: Readonly<Record<string, Plain>> = {
  Home: 'first',
  End: 'last',
  PageDown: 'next-zone',
  PageUp: 'previous-zone',
  Enter: 'edit',
  F2: 'edit',
  ' ': 'toggle',
  m: 'move',
  n: 'new',
  b: 'became',
  t: 'theme',
  Insert: 'new',
  Delete: 'delete',
  Backspace: 'delete',
  ContextMenu: 'menu',
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
  '0': 'fit',
  '?': 'help',
  Escape: 'clear',
};
const IN_MOVE: Readonly<Record<string, Plain>> = {
  Enter: 'drop',
  ' ': 'drop',
  m: 'drop',
  Escape: 'restore',
  Tab: 'drop',
};

/** What a single character is: a command, the beginning of writing on the note in focus, or nothing. */
export type Letters = 'commands' | 'write' | 'nothing';

/** Also the keys that begin a character which another one ends. */
const BEGINS_ONE = ['Dead', 'Process'];

/** `moving`: move mode is on, so arrows carry the notes. Alt belongs to the browser. */
export function commandFor(
  press: Press,
  moving: boolean,
  letters: Letters = 'commands',
): Command | null {
  if (press.isComposing || press.altKey) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.ctrlKey || press.metaKey) return withCtrl(key, press.shiftKey, moving);
  if (letters !== 'commands' && !moving && isCharacter(press.key))
    return letters === 'write' ? { name: 'write' } : null;
  const direction = ARROWS[key];
  if (direction) {
    return moving
      ? nudge(direction, press.shiftKey)
      : { name: 'focus', direction, extend: press.shiftKey };
  }
  if (press.shiftKey && key === 'F10') return { name: 'menu' };
  const name = moving ? IN_MOVE[key] : ALONE[key];
  return name ? { name } : null;
}

const SHIFTED: Readonly<Partial<Record<Plain, Plain>>> = { undo: 'redo', 'give-dot': 'take-dot' };

/** The space bar is not: it chooses. */
function isCharacter(key: string): boolean {
  return key !== ' ' && ([...key].length === 1 || BEGINS_ONE.includes(key));
}

function withCtrl(key: string, shift: boolean, moving: boolean): Command | null {
  const name = WITH_CTRL[key];
  if (!name || (moving && name === 'give-dot')) return null;
  return { name: (shift && SHIFTED[name]) || name };
}

function nudge(direction: Direction, big: boolean): Command {
  const step = big ? BIG_STEP : STEP;
  const dx = direction === 'left' ? -step : direction === 'right' ? step : 0;
  const dy = direction === 'up' ? -step : direction === 'down' ? step : 0;
  return { name: 'nudge', dx, dy };
}
