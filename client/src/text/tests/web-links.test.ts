import { describe, expect, it } from 'vitest';
import { hostOf, piecesOf } from '../web-links';

const links = (text: string) => piecesOf(text).flatMap(({ href }) => href ?? []);

describe('addresses in a text', () => {
  it('are found, without what ends the sentence around them', () => {
    expect(links('Katso https://example.org/a?b=c#d.')).toEqual(['https://example.org/a?b=c#d']);
    expect(links('(http://example.org), ja https://example.org/x!')).toEqual([
      'http://example.org/',
      'https://example.org/x',
    ]);
    expect(links('https://example.org/Kieli_(oppi)')).toEqual(['https://example.org/Kieli_(oppi)']);
  });

  it('lead to the web and nowhere else', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc', 'https://']) {
      expect(links(text)).toEqual([]);
    }
  });

  it('leave the text as it was', () => {
    for (const text of ['', 'ei mitään', 'a https://example.org/ b\nhttp://example.org. c']) {
      expect(
        piecesOf(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }
  });

  it('are called by their host', () => {
    expect(hostOf('https://user:word@example.org:8080/x')).toBe('example.org:8080');
  });
});
