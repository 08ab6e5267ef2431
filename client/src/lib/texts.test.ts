import { describe, expect, it } from 'vitest';
import { fill, find, isLanguage } from './texts';

const catalogue = {
  'app.hello': 'Hei, {name}',
  'app.notes.one': '{n} lappu',
  'app.notes.other': '{n} lappua',
};

describe('texts', () => {
  it('fills placeholders and leaves unknown ones in sight', () => {
    expect(fill('{a} ja {b}', { a: 'x' }, 'fi')).toBe('x ja {b}');
    expect(find(catalogue, 'fi', 'app.hello', { name: 'Koivu' })).toBe('Hei, Koivu');
  });

  it.each([
    [0, '0 lappua'],
    [1, '1 lappu'],
    [2, '2 lappua'],
    [1200, '1\u00a0200 lappua'],
  ])('chooses the plural form for %i', (n, text) => {
    expect(find(catalogue, 'fi', 'app.notes', { n })).toBe(text);
  });

  it('says null for a key it does not have', () => {
    expect(find(catalogue, 'fi', 'app.missing')).toBeNull();
  });

  it('never fills a value into another value', () => {
    expect(fill('{a}{b}', { a: '{b}', b: 'x' }, 'en')).toBe('{b}x');
  });

  it('knows its three languages', () => {
    expect(['fi', 'sv', 'en', 'de', null].filter(isLanguage)).toEqual(['fi', 'sv', 'en']);
  });
});
