import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/order.json';
import { readingOrder, type Ordered } from './order';

const note = (id: string, rest: Partial<Ordered> = {}): Ordered => ({
  id,
  x: null,
  y: null,
  group: null,
  at: 0,
  ...rest,
});
const idsOf = (notes: readonly Ordered[]) => readingOrder(notes).map(({ id }) => id);

describe('reading order', () => {
  it('reads bands of 120 from the left, then down', () => {
    const notes = [
      note('below', { x: 0, y: 120 }),
      note('right', { x: 300, y: 0 }),
      note('left', { x: 20, y: 119 }),
    ];
    expect(idsOf(notes)).toEqual(['left', 'right', 'below']);
  });

  it('puts unplaced notes last: by group, then by creation, then by id', () => {
    const notes = [
      note('c', { group: 'g2', at: 1 }),
      note('d', { group: 'g1', at: 9 }),
      note('b', { at: 5 }),
      note('a', { at: 5 }),
      note('e', { x: 900, y: 9000 }),
    ];
    expect(idsOf(notes)).toEqual(['e', 'a', 'b', 'd', 'c']);
  });

  it('does not depend on the order it is given', () => {
    const notes = ['a', 'b', 'c', 'd'].map((id, i) => note(id, { x: 10 * (i % 2), y: 300 * i }));
    expect(idsOf([...notes].reverse())).toEqual(idsOf(notes));
  });
});

describe('reading order, as boards/order.py has it', () => {
  it.each(vectors)('$name', ({ notes, order }) => {
    expect(idsOf(notes.map(fromVector))).toEqual(order);
  });
});

function fromVector(plain: Record<string, unknown>): Ordered {
  const [x, y] = (plain['position'] as [number, number] | null) ?? [null, null];
  const group = (plain['group'] as string | null) ?? null;
  return { id: String(plain['id']), x, y, group, at: Number(plain['at'] ?? 0) };
}
