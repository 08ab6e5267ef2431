import { describe, expect, it } from 'vitest';
import { linesOf, notesIn, readCopied } from '../pasting';
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

describe('copied notes', () => {
  it('come with their colours, and as a line each for other programs', () => {
    const notes = [
      { text: 'yksi\nkaksi', color: 'blue' as const },
      { text: 'kolme', color: 'yellow' as const },
    ];
    expect(readCopied(JSON.stringify(notes))).toEqual(notes);
    expect(linesOf(notes)).toBe('yksi kaksi\nkolme');
  });

  it('are none of what is something else, and no larger than a note', () => {
    for (const other of [
      '',
      '{',
      'null',
      '{"text":"a"}',
      '[null, 7, {}, {"text":7}, {"text":" "}]',
    ])
      expect(readCopied(other)).toEqual([]);
    const long = [{ text: 'a'.repeat(FIELD_LIMITS.note + 1), color: 'red' }];
    expect(readCopied(JSON.stringify(long))).toEqual([
      { text: 'a'.repeat(FIELD_LIMITS.note), color: 'yellow' },
    ]);
  });
});
