import { describe, expect, it } from 'vitest';
import { liftAbove } from '../clear-of';

const BAR = { left: 300, top: 700, right: 900, bottom: 744 };
const NOTE = { left: 400, top: 690, right: 600, bottom: 750 };

describe('a bar that opens', () => {
  it('stays where it is when nobody points there', () => {
    expect(liftAbove(BAR, { x: 500, y: 200 }, NOTE, 100)).toBe(0);
    expect(liftAbove(BAR, { x: 100, y: 720 }, NOTE, 100)).toBe(0);
  });

  it('stands above the note that it would have covered', () => {
    const lift = liftAbove(BAR, { x: 500, y: 720 }, NOTE, 100);
    expect(BAR.bottom - lift).toBeLessThan(NOTE.top);
  });

  it('stays where there is no room above', () => {
    expect(liftAbove(BAR, { x: 500, y: 720 }, NOTE, 660)).toBe(0);
  });
});
