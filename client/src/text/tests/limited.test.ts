import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hearCut, limited, type CutText } from '../limited';

describe('a field with a limit', () => {
  let field: HTMLInputElement;
  let told: CutText[];
  let stop: () => void;
  let seen: string[];

  beforeEach(() => {
    field = document.createElement('input');
    document.body.append(field);
    told = [];
    seen = [];
    stop = hearCut((cut) => told.push(cut));
    field.addEventListener('input', () => seen.push(field.value));
    limited(10)(field);
  });

  afterEach(() => {
    stop();
    field.remove();
  });

  function paste(text: string, at = field.value.length): void {
    field.dispatchEvent(new Event('beforeinput'));
    field.value = field.value.slice(0, at) + text + field.value.slice(at);
    field.setSelectionRange(at + text.length, at + text.length);
    field.dispatchEvent(new Event('input'));
  }

  it('makes plain what is pasted, before anybody reads it', () => {
    paste('a\tb\u202e\u2028c');
    expect(field.value).toBe('a b c');
    expect(seen).toEqual(['a b c']);
    expect(told).toEqual([]);
  });

  it('cuts what is put in, keeps what stood there, and says what stayed out', () => {
    paste('old words');
    paste('new ', 0);
    expect(field.value).toBe('nold words');
    expect(field.selectionStart).toBe(1);
    expect(told).toEqual([{ most: 10, rest: 'ew ' }]);
  });

  it('cuts between characters, not inside one', () => {
    paste('123456789👩‍🌾');
    expect(field.value).toBe('123456789');
  });

  it('keeps a space that is typed between words', () => {
    paste('a ');
    expect(field.value).toBe('a ');
  });
});
