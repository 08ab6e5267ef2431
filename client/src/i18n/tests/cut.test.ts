import fi from '$i18n/fi.json';
import { describe, expect, it } from 'vitest';
import { everyModule } from '../../../bundling/sources';
import { cutTexts } from '../../../bundling/texts';
import { loadAllTexts, t, tIfKnown, useLanguage, type TextKey } from '../i18n';

declare const process: {
  getBuiltinModule(name: 'node:fs'): { readFileSync(path: string, encoding: 'utf8'): string };
};

const cut = cutTexts();

describe('texts in two files', () => {
  it('has what a first board names at once, whole or by its beginning', () => {
    for (const key of [
      'board.add',
      'note.color.yellow',
      'votes.left.one',
      'error.part-missing.title',
    ])
      expect(cut.first).toContain(key);
  });

  it('keeps what belongs to later parts for later', () => {
    for (const key of [
      'survey.forms',
      'merge.title',
      'start.headline',
      'error.merge-refused.title',
    ])
      expect(cut.first).not.toContain(key);
    expect(cut.later).toContain('survey.forms');
  });

  it('leaves what only the server says to the server, and loses nothing else', () => {
    const spaces = new Set(
      Object.keys(fi)
        .filter((key) => !cut.first.has(key) && !cut.later.has(key))
        .map((key) => key.split('.')[0]),
    );
    const servers = 'calendar cli demo export import page snapshot workbook'.split(' ');
    expect([...spaces].sort()).toEqual(servers);
  });

  it('is cut by names that stand in the sources: no key begins with what is known only later', () => {
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const made = everyModule().filter((path) => /\bt\(\s*`\$\{/.test(readFileSync(path, 'utf8')));
    expect(made).toEqual([]);
  });

  it('comes whole by itself when a text is asked for that is not here', async () => {
    await useLanguage('sv');
    expect(t('survey.forms')).toBe('');
    await expect.poll(() => t('survey.forms')).not.toBe('');
    expect(t('survey.none-such' as TextKey)).toBe('survey.none-such');
    await useLanguage('en');
    expect(tIfKnown('survey.forms')).not.toBeNull();
    await loadAllTexts();
  });
});
