import { describe, expect, it } from 'vitest';
import { keepCompositionsToThemselves } from '../compositions';

/** Which presses a handler of ours hears, and whether the browser may still act on them. */
function press(init: KeyboardEventInit): { heard: boolean; free: boolean } {
  const field = document.createElement('input');
  document.body.append(field);
  let heard = false;
  field.addEventListener('keydown', () => (heard = true));
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  const free = field.dispatchEvent(event);
  field.remove();
  return { heard, free };
}

describe('compositions', () => {
  keepCompositionsToThemselves(window);

  it('keeps the presses of a composition', () => {
    expect(press({ key: 'Enter', isComposing: true })).toEqual({ heard: false, free: true });
    expect(press({ key: 'Escape', isComposing: true })).toEqual({ heard: false, free: false });
  });

  it('keeps the press that ends it, which Safari sends when it is over', () => {
    expect(press({ key: 'Enter', keyCode: 229 })).toEqual({ heard: false, free: true });
    expect(press({ key: 'Escape', keyCode: 229 })).toEqual({ heard: false, free: false });
  });

  it('keeps nothing else', () => {
    for (const key of ['Enter', 'Escape', 'n']) {
      expect(press({ key })).toEqual({ heard: true, free: true });
    }
  });
});
