import { describe, expect, it } from 'vitest';
import { listOf, listOfSome } from '../i18n';

describe('a list of many names', () => {
  it('names a few and counts the others', () => {
    const shown = listOfSome(['Anna', 'Bea', 'Cia', 'Dora', 'Eeva'], 4);
    expect(['Anna', 'Bea', 'Cia', 'Dora', 'Eeva'].map((name) => shown.includes(name))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(listOfSome(['Anna', 'Bea', 'Cia', 'Dora'], 4)).toBe(
      listOf(['Anna', 'Bea', 'Cia', 'Dora']),
    );
  });
});
