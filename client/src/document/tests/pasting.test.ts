import { describe, expect, it } from 'vitest';
import { notesIn } from '../pasting';
import { FIELD_LIMITS } from '../../text/limits';

describe('text pasted on a board', () => {
  it('is a note for each line that says something', () => {
    expect(notesIn('yksi\r\n\r\n  kaksi\t\u2028kolme\n \u200b \n').notes).toEqual([
      'yksi',
      'kaksi',
      'kolme',
    ]);
    expect(notesIn(' \n').notes).toEqual([]);
  });

  it('loses the bullets and numbers of a list, and no number of its own', () => {
    expect(notesIn('• yksi\n- kaksi\n3. kolme\n2026 oli hyvä\n-5 astetta').notes).toEqual([
      'yksi',
      'kaksi',
      'kolme',
      '2026 oli hyvä',
      '-5 astetta',
    ]);
  });

  it('is cut where a note is full, and says what was left', () => {
    const { notes, rest } = notesIn(`${'a'.repeat(FIELD_LIMITS.note)}loput\nb`);
    expect(notes.map(({ length }) => length)).toEqual([FIELD_LIMITS.note, 1]);
    expect(rest).toBe('loput');
  });
});
