import { describe, expect, it } from 'vitest';
import { edgeStep } from '../edge-scroll';

/** How far a board moves in a second of frames of so many milliseconds. */
function inASecond(frame: number): number {
  let moved = 0;
  for (let at = 0; at < 1000; at += frame) moved += edgeStep(frame);
  return moved;
}

describe('a board that moves on at the edge', () => {
  it('is as fast on a slow screen as on a fast one', () => {
    for (const frame of [5, 10, 20, 40]) expect(inASecond(frame)).toBeCloseTo(inASecond(8), 6);
  });

  it('does not jump after a frame that was late, or one that came before its time', () => {
    expect(edgeStep(5000)).toBe(edgeStep(100));
    expect(edgeStep(-3)).toBe(0);
  });
});
