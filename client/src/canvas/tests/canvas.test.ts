import { describe, expect, it } from 'vitest';
import { commandFor, type Press } from '../keys';
import { nearest, touching } from '../spatial';

const press = (key: string, rest: Partial<Press> = {}): Press => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...rest,
});

describe('keyboard map', () => {
  it.each([
    ['Enter', 'edit'],
    ['F2', 'edit'],
    [' ', 'toggle'],
    ['m', 'move'],
    ['M', 'move'],
    ['n', 'new'],
    ['Insert', 'new'],
    ['b', 'became'],
    ['t', 'theme'],
    ['Delete', 'delete'],
    ['Home', 'first'],
    ['PageUp', 'previous-zone'],
    ['?', 'help'],
    ['0', 'fit'],
  ])('%s is %s', (key, name) => {
    expect(commandFor(press(key), false)).toEqual({ name });
  });

  it('gives a dot by no bare letter, takes it back with Shift, and none while notes are carried', () => {
    const [given, back] = [{ ctrlKey: true }, { ctrlKey: true, shiftKey: true }];
    for (const key of 'abcdefghijklmnopqrstuvwxyzåäö') {
      const letter = [key, key.toUpperCase()].map((one) => commandFor(press(one), false)?.name);
      expect(letter).not.toContain('give-dot');
    }
    expect(commandFor(press('Enter', given), false)).toEqual({ name: 'give-dot' });
    expect(commandFor(press('Enter', back), false)).toEqual({ name: 'take-dot' });
    expect(commandFor(press('Enter', given), true)).toBeNull();
    expect(commandFor(press('Enter', back), true)).toBeNull();
  });

  it.each(['t', 'M', 'ö', '7', '-', '?', '🙂', 'Dead', 'Process'])(
    'writes %s where one writes',
    (key) => {
      expect(commandFor(press(key), false, 'write')).toEqual({ name: 'write' });
      expect(commandFor(press(key), false, 'nothing')).toBeNull();
    },
  );

  it('keeps all other keys where one writes, and letters for whoever carries', () => {
    for (const letters of ['write', 'nothing'] as const) {
      expect(commandFor(press('Enter'), false, letters)).toEqual({ name: 'edit' });
      expect(commandFor(press(' '), false, letters)).toEqual({ name: 'toggle' });
      expect(commandFor(press('d', { ctrlKey: true }), false, letters)?.name).toBe('duplicate');
      expect(commandFor(press('m'), true, letters)).toEqual({ name: 'drop' });
    }
  });

  it('knows Ctrl and Cmd alike', () => {
    expect(commandFor(press('a', { ctrlKey: true }), false)).toEqual({ name: 'all' });
    expect(commandFor(press('z', { metaKey: true }), false)).toEqual({ name: 'undo' });
    expect(commandFor(press('Z', { ctrlKey: true, shiftKey: true }), false)).toEqual({
      name: 'redo',
    });
  });

  it('lets arrows focus, extend, or carry', () => {
    const right = { name: 'focus', direction: 'right' };
    expect(commandFor(press('ArrowRight'), false)).toEqual({ ...right, extend: false });
    expect(commandFor(press('ArrowRight', { shiftKey: true }), false)).toEqual({
      ...right,
      extend: true,
    });
    expect(commandFor(press('ArrowUp'), true)).toEqual({ name: 'nudge', dx: 0, dy: -10 });
    expect(commandFor(press('ArrowLeft', { shiftKey: true }), true)).toEqual({
      name: 'nudge',
      dx: -50,
      dy: 0,
    });
  });

  it('has drop and restore in move mode only', () => {
    expect(commandFor(press('Enter'), true)).toEqual({ name: 'drop' });
    expect(commandFor(press('Escape'), true)).toEqual({ name: 'restore' });
    expect(commandFor(press('Escape'), false)).toEqual({ name: 'clear' });
    expect(commandFor(press('n'), true)).toBeNull();
  });

  it('leaves to the browser what belongs to it', () => {
    expect(commandFor(press('ArrowLeft', { altKey: true }), false)).toBeNull();
    expect(commandFor(press('Tab'), false)).toBeNull();
    expect(commandFor(press('c', { ctrlKey: true }), false)).toBeNull();
    expect(commandFor(press('n', { isComposing: true }), false)).toBeNull();
  });
});

describe('nearest note', () => {
  const box = (x: number, y: number) => ({ x, y, width: 200, height: 100 });
  const boxes = new Map([
    ['a', box(0, 0)],
    ['b', box(220, 10)],
    ['c', box(0, 140)],
    ['d', box(260, 150)],
    ['far', box(900, 0)],
  ]);

  it('follows rows and columns and goes on to the next zone', () => {
    expect(nearest(boxes, 'a', 'right')).toBe('b');
    expect(nearest(boxes, 'a', 'down')).toBe('c');
    expect(nearest(boxes, 'b', 'right')).toBe('far');
    expect(nearest(boxes, 'd', 'up')).toBe('b');
  });

  it('stays at the edge of the board', () => {
    expect(nearest(boxes, 'a', 'left')).toBeNull();
    expect(nearest(boxes, 'unknown', 'left')).toBeNull();
  });

  it('finds the notes that a frame touches', () => {
    expect(touching(boxes, { x: 190, y: 90, width: 40, height: 60 })).toEqual(['a', 'b', 'c']);
  });
});
