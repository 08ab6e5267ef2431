import { describe, expect, it } from 'vitest';
import { linesOf } from '../copied';
import { notesIn, notesInHtml, readCopied } from '../pasting';
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

  it('is clean of what office programs put between letters and before lines', () => {
    const word =
      '\uf0b7\tAsia\u00adkas soitti\u00a0taas\r\no\t”Jono” kasvaa\r\n§\tKolmas\r\nb) Neljäs';
    expect(notesIn(word).notes).toEqual([
      'Asiakas soitti taas',
      '”Jono” kasvaa',
      'Kolmas',
      'Neljäs',
    ]);
    expect(notesIn('Jono\t12\t\r\nA. Kivi\r\n').notes).toEqual(['Jono · 12', 'A. Kivi']);
  });

  it('is cut where a note is full, and says what was left', () => {
    const { notes, rest } = notesIn(`${'a'.repeat(FIELD_LIMITS.note)}loput\nb`);
    expect(notes.map(({ length }) => length)).toEqual([FIELD_LIMITS.note, 1]);
    expect(rest).toBe('loput');
  });
});

describe('HTML of a clipboard', () => {
  it('of a word processor is a note for each paragraph and point', () => {
    const html = `<html><head><style>p { color: red }</style></head><body><!--StartFragment-->
      <p class=MsoNormal>Ensimmäinen
      kappale<o:p></o:p></p>
      <p style='mso-list:l0'><![if !supportLists]><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;
      </span></span><![endif]>Kohta &amp; toinen</p><!--EndFragment--></body></html>`;
    expect(notesInHtml(html).notes).toEqual(['Ensimmäinen kappale', 'Kohta & toinen']);
  });

  it('of a spreadsheet is a note for each row, with the lines of its cells', () => {
    const html = `<table><tbody><tr><td>Yksi</td><td>2</td></tr>
      <tr><td class="x">Kaksi<br>riviä</td><td></td></tr></tbody></table>`;
    expect(notesInHtml(html).notes).toEqual(['Yksi · 2', 'Kaksi\nriviä']);
  });

  it('of a chat is a note for each line and point', () => {
    const html =
      '<div><p>Hei</p><ul><li>yksi</li><li><b>kaksi</b>&shy;kymmentä<ul><li>kolme</li></ul></li></ul>a<br>b &#228;</div>';
    expect(notesInHtml(html).notes).toEqual(['Hei', 'yksi', 'kaksikymmentä', 'kolme', 'a', 'b ä']);
  });

  it('is none where it has no text', () => {
    expect(notesInHtml('<img src="a.png">').notes).toEqual([]);
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
