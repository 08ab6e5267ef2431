import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/codes.json';
import { codeKind, shownCode, tidyCode } from '../codes';

describe('codes', () => {
  it.each(vectors)('are found in $typed', ({ typed, code }) => {
    expect(tidyCode(typed)).toBe(code);
  });

  it('lead in by a link that a pasted page of text hides', () => {
    expect(tidyCode(`${'x'.repeat(5000)}/j/ABCD-EFGH`)).not.toBe('ABCDEFGH');
    expect(tidyCode(`https://x.example/?${'x'.repeat(1500)}&u=/j/ABCD-EFGH`)).toBe('ABCDEFGH');
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
