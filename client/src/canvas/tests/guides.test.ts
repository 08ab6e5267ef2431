import { describe, expect, it } from 'vitest';
import { levelWith } from '../guides';

const note = (x: number, y: number, height = 80) => ({ x, y, width: 200, height });

describe('guides', () => {
  it('steps onto the line of the nearest note, and draws it through both', () => {
    const { dx, dy, guides } = levelWith(note(104, 300), [note(100, 20)], 6);
    expect([dx, dy]).toEqual([-4, 0]);
    expect(guides).toEqual([{ axis: 'x', at: 100, from: 20, to: 380 }]);
  });

  it('is level on both axes at once, each with its own neighbour', () => {
    const { dx, dy, guides } = levelWith(note(104, 297), [note(100, 20), note(400, 300)], 6);
    expect([dx, dy]).toEqual([-4, 3]);
    expect(guides.map(({ axis, at }) => [axis, at])).toEqual([
      ['x', 100],
      ['y', 300],
    ]);
  });

  it('knows middles and ends too, of what is taller', () => {
    const tall = note(400, 100, 160);
    expect(levelWith(note(0, 138), [tall], 6).dy).toBe(2); // both have their middle at 180
    expect(levelWith(note(0, 183), [tall], 6).dy).toBe(-3); // both end at 260
  });

  it('leaves alone what is further away than its reach, and what is far along the line', () => {
    const nothing = { dx: 0, dy: 0, guides: [] };
    expect(levelWith(note(107, 300), [note(100, 20)], 6)).toEqual(nothing);
    expect(levelWith(note(104, 3000), [note(100, 20)], 6)).toEqual(nothing);
  });

  it('prefers the smaller step, and of equal ones the nearer neighbour', () => {
    const [far, near, off] = [note(100, 20), note(100, 200), note(98, 120)];
    const { dx, guides } = levelWith(note(104, 500), [far, off, near], 8);
    expect(dx).toBe(-4);
    expect(guides[0]).toEqual({ axis: 'x', at: 100, from: 200, to: 580 });
  });
});
