import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/order.json';
import { readingOrder, type Ordered, type Placed } from '../order';

const note = (id: string, rest: Partial<Ordered> = {}): Ordered => ({
  id,
  x: null,
  y: null,
  group: null,
  at: 0,
  theme: null,
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
  it.each(vectors)('$name', ({ notes, themes, order }) => {
    const places = new Map(Object.entries(themes).map(([id, at]) => [id, placeOf(at)]));
    expect(readingOrder(notes.map(fromVector), places).map(({ id }) => id)).toEqual(order);
  });
});

function fromVector(plain: Record<string, unknown>): Ordered {
  const group = (plain['group'] as string | null) ?? null;
  const theme = (plain['theme'] as string | null) ?? null;
  const at = Number(plain['at'] ?? 0);
  return { id: String(plain['id']), ...placeOf(plain['position']), group, theme, at };
}

function placeOf(position: unknown): Placed {
  const [x, y] = (position as [number, number] | null) ?? [null, null];
  return { x, y };
}
