import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/texts.json';
import { isVisible, plainLine, plainLines, plainTyping, toldApart } from '../plain';

describe('what people write', () => {
  it.each(vectors.lines)('is made plain: $typed', ({ typed, plain }) => {
    expect(plainLines(typed)).toBe(plain);
  });

  it.each(vectors.line)('is made one plain line: $typed', ({ typed, plain }) => {
    expect(plainLine(typed)).toBe(plain);
  });

  it('keeps the space after a word that is followed by another', () => {
    expect(plainTyping('Aino ')).toBe('Aino ');
    expect(plainTyping('Aino\nMaria\t')).toBe('Aino Maria ');
  });

  it('is no name where nobody can see it', () => {
    expect(vectors.unseen.filter(isVisible)).toEqual([]);
    expect(vectors.seen.filter((name) => !isVisible(name))).toEqual([]);
  });

  it.each(vectors.apart)('is told apart: $names', ({ names, shown }) => {
    expect(toldApart(names)).toEqual(shown);
  });
});
