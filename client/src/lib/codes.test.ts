import { describe, expect, it } from 'vitest';
import { codeKind, shownCode, tidyCode } from './codes';

describe('codes', () => {
  it.each([
    'ABCD-EFGH',
    'abcd efgh',
    ' abcd–efgh ',
    'https://x.example/j/ABCD-EFGH',
    'x.example/j/abcdefgh?l=fi',
  ])('tidies %s', (typed) => {
    expect(tidyCode(typed)).toBe('ABCDEFGH');
  });

  it('tells join codes, return codes, unfinished and impossible ones apart', () => {
    expect(codeKind('ABCDEFGH')).toBe('join');
    expect(codeKind('ABCDEFGHJKMN')).toBe('return');
    expect(codeKind('ABC')).toBe('unfinished');
    for (const wrong of ['ABCDEFGO', 'ABCDEFG0', 'ABCDEFGI', 'ABCDEFGHJKMNP']) {
      expect(codeKind(wrong)).toBe('impossible');
    }
  });

  it('shows codes in fours', () => {
    expect(shownCode('abcdefgh')).toBe('ABCD-EFGH');
    expect(shownCode('ABCDEFGHJKMN')).toBe('ABCD-EFGH-JKMN');
  });
});
