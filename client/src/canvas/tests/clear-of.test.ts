import { describe, expect, it } from 'vitest';
import { besideNote, liftAbove } from '../clear-of';

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

describe('a bar beside a note', () => {
  const bar = { width: 600, height: 50 };
  const room = { left: 0, top: 100, right: 1000, bottom: 700 };
  const noteAt = (left: number, top: number) => ({
    left,
    top,
    right: left + 200,
    bottom: top + 90,
  });

  it('stands above it, in its middle, and within the room', () => {
    expect(besideNote(bar, noteAt(400, 300), room)).toEqual({ x: 200, y: 232 });
    expect(besideNote(bar, noteAt(0, 300), room)?.x).toBe(8);
    expect(besideNote(bar, noteAt(900, 300), room)?.x).toBe(392);
  });

  it('stands below where there is no room above', () => {
    expect(besideNote(bar, noteAt(400, 150), room)?.y).toBe(258);
  });

  it('stands below where less lies under it there', () => {
    const under = ({ y }: { y: number }) => (y < 300 ? 2 : 1);
    expect(besideNote(bar, noteAt(400, 300), room, under)?.y).toBe(408);
    expect(besideNote(bar, noteAt(400, 600), room, under)?.y).toBe(532);
    expect(besideNote(bar, noteAt(400, 300), room, () => 1)?.y).toBe(232);
  });

  it('stands never over what must stay in sight', () => {
    const above = ({ y }: { y: number }) => (y < 300 ? Infinity : 5);
    expect(besideNote(bar, noteAt(400, 300), room, above)?.y).toBe(408);
    expect(besideNote(bar, noteAt(400, 300), room, () => Infinity)).toBeNull();
  });

  it('has no place beside what fills the room, is out of sight, or where it is too wide', () => {
    expect(besideNote(bar, { left: 0, top: 120, right: 900, bottom: 690 }, room)).toBeNull();
    expect(besideNote(bar, noteAt(400, -300), room)).toBeNull();
    expect(besideNote(bar, noteAt(400, 900), room)).toBeNull();
    expect(besideNote(bar, noteAt(-300, 300), room)).toBeNull();
    expect(besideNote({ width: 990, height: 50 }, noteAt(400, 300), room)).toBeNull();
  });
});
