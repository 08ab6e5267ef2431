import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Hush, PAUSE_MS } from '../hush';

describe('letters for a field that was taken away', () => {
  let now = 0;
  let stop: () => void;
  let field: HTMLTextAreaElement;
  const heard: string[] = [];
  const hear = ({ key }: KeyboardEvent) => void heard.push(key);

  beforeEach(() => {
    stop = new Hush(window, () => now).install();
    field = document.createElement('textarea');
    document.body.append(field);
    heard.length = 0;
    window.addEventListener('keydown', hear);
  });

  afterEach(() => {
    stop();
    window.removeEventListener('keydown', hear);
    field.remove();
  });

  const press = (target: EventTarget, key: string) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const written = (...keys: string[]) => {
    for (const key of keys) press(field, key);
    heard.length = 0;
  };

  it('run nothing, as long as the hands go on', () => {
    written('a', 'b');
    field.remove();
    for (const key of ['n', 'Delete', ' ', 'Enter', 'Escape']) {
      now += PAUSE_MS - 1;
      expect(press(document.body, key)).toBe(false);
    }
    expect(heard).toEqual([]);
  });

  it('run nothing after a breath of two seconds either', () => {
    written('a');
    field.remove();
    press(document.body, 'b');
    now += 2_000;
    expect(press(document.body, 'Delete')).toBe(false);
  });

  it('are ours again after a pause, a click, or a Tab', async () => {
    for (const away of [
      () => (now += PAUSE_MS),
      () => document.body.dispatchEvent(new Event('pointerdown', { bubbles: true })),
      () => press(document.body, 'Tab'),
    ]) {
      document.body.append(field);
      written('a');
      field.remove();
      await Promise.resolve(); // mutations are told a moment later
      away();
      heard.length = 0;
      press(document.body, 'n');
      expect(heard).toEqual(['n']);
    }
  });

  it('run nothing where the field takes no more', () => {
    written('a');
    field.readOnly = true;
    expect(press(document.body, 'n')).toBe(false);
  });

  it('are commands where the person left the field, or it still stands', () => {
    written('a');
    press(document.body, 'n'); // the focus moved by other means, as screen readers move it
    expect(heard).toEqual(['n']);
    written('a', 'Escape');
    field.remove();
    press(document.body, 'm');
    expect(heard).toEqual(['m']);
    document.body.append(field);
    field.addEventListener('keydown', (event) => event.preventDefault(), { once: true });
    written('Enter'); // it ended the note
    field.remove();
    press(document.body, 't');
    expect(heard).toEqual(['t']);
  });
});
