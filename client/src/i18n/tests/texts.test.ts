import { describe, expect, it } from 'vitest';
import { fill, find, foldedFor, isLanguage } from '../texts';

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

describe('words of another direction', () => {
  it('stand in a sentence of ours as one piece', () => {
    const say = (name: string) => fill('{name} (2)', { name }, 'en');
    expect(say('אנה')).toBe('\u2068אנה\u2069 (2)');
    expect(say('مريم')).toBe('\u2068مريم\u2069 (2)');
    expect(say('Åsa')).toBe('Åsa (2)');
  });
});

describe('a search', () => {
  it('sees no case, no width and no accent that is no letter of the language', () => {
    expect(foldedFor('IDÉ', 'sv')).toBe('ide');
    expect(foldedFor('Ｋｉｉｒｅ', 'fi')).toBe('kiire');
    expect(foldedFor('Äiti', 'fi')).toBe('äiti');
    expect(foldedFor('A\u0308iti', 'fi')).toBe(foldedFor('äiti', 'fi'));
    expect(foldedFor('hår', 'sv')).not.toBe(foldedFor('har', 'sv'));
    expect(foldedFor('naïve Åland', 'en')).toBe('naive aland');
  });
});
