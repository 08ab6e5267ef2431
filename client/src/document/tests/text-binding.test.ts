import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { hearCut, type CutText } from '../../text/limited';
import { TextBinding } from '../text-binding';
import { cutWhole, mapCaret, spliceAtCaret, wellFormed } from '../../text/text-diff';

const LIMIT = 400;

class Writer {
  readonly doc = new Y.Doc();
  readonly text = this.doc.getText('t');
  /** Each writer has a window of their own, with the keyboard in the field. */
  readonly page = document.implementation.createHTMLDocument();
  readonly field = this.page.createElement('textarea');
  readonly binding: TextBinding;

  constructor(limit = LIMIT) {
    this.page.body.append(this.field);
    this.field.focus();
    const find = () => this.text;
    this.binding = new TextBinding({ field: this.field, doc: this.doc, find, limit });
  }

  /** Replace the selection, as a browser does. */
  type(text: string, start = this.field.selectionStart, end = this.field.selectionEnd): void {
    this.edit(text, start, end);
    this.field.dispatchEvent(new Event('input'));
  }

  edit(text: string, start: number, end: number): void {
    const { value } = this.field;
    this.field.value = value.slice(0, start) + text + value.slice(end);
    this.field.setSelectionRange(start + text.length, start + text.length);
  }

  compose(text: string): void {
    this.field.dispatchEvent(new Event('compositionstart'));
    this.type(text);
  }

  endComposition(): void {
    this.field.dispatchEvent(new Event('compositionend'));
  }
}

function exchange(a: Y.Doc, b: Y.Doc): void {
  const [fromA, fromB] = [Y.encodeStateAsUpdate(a), Y.encodeStateAsUpdate(b)];
  Y.applyUpdate(b, fromA, 'remote');
  Y.applyUpdate(a, fromB, 'remote');
}

/** A field on a board that loads: its text comes later. */
class Early {
  readonly doc = new Y.Doc();
  readonly texts = this.doc.getMap<Y.Text>('texts');
  readonly page = document.implementation.createHTMLDocument();
  readonly field = this.page.createElement('textarea');

  constructor() {
    this.page.body.append(this.field);
    const find = () => this.texts.get('t') ?? null;
    new TextBinding({ field: this.field, doc: this.doc, find, limit: LIMIT });
  }

  type(text: string): void {
    this.field.value += text;
    this.field.dispatchEvent(new Event('input'));
  }

  arrives(text: string): void {
    this.texts.set('t', new Y.Text(text));
  }

  says(): [string, string | undefined] {
    return [this.field.value, this.texts.get('t')?.toString()];
  }
}

describe('what is written before there is a text', () => {
  it('stands in it once it has come', () => {
    const early = new Early();
    early.type('Ehd');
    early.type('in jo');
    early.arrives('');
    expect(early.says()).toEqual(['Ehdin jo', 'Ehdin jo']);
    early.type('!');
    expect(early.says()).toEqual(['Ehdin jo!', 'Ehdin jo!']);
  });

  it('comes behind what others wrote', () => {
    const early = new Early();
    early.type(' ja minä');
    early.arrives('Muut');
    expect(early.says()).toEqual(['Muut ja minä', 'Muut ja minä']);
  });

  it('comes as a word is whole', () => {
    const early = new Early();
    early.field.dispatchEvent(new Event('compositionstart'));
    early.type('に');
    early.arrives('');
    early.type('ほ');
    early.field.dispatchEvent(new Event('compositionend'));
    expect(early.says()).toEqual(['にほ', 'にほ']);
  });

  it('is not what a browser put there', () => {
    const early = new Early();
    early.field.value = 'vanhaa';
    early.arrives('');
    expect(early.says()).toEqual(['', '']);
  });
});

describe('text binding', () => {
  it('makes plain what is pasted, on the screen as in the document', () => {
    const writer = new Writer();
    writer.type('Ennen jälkeen');
    writer.type('a\tb\u000bc\u2028d\u202e\u0000\r\ne', 6, 6);
    expect(writer.text.toString()).toBe('Ennen a b\nc\nd\nejälkeen');
    expect(writer.field.value).toBe(writer.text.toString());
    expect(writer.field.selectionEnd).toBe('Ennen a b\nc\nd\ne'.length);
  });

  it('says what did not fit, and where', () => {
    const writer = new Writer(8);
    const told: CutText[] = [];
    const stop = hearCut((cut) => told.push(cut));
    writer.type('12345');
    writer.type('abcdef', 2, 2);
    stop();
    expect(writer.text.toString()).toBe('12abc345');
    expect(told).toEqual([{ most: 8, rest: 'def' }]);
  });

  it('writes a doubled letter where it was typed', () => {
    const splice = spliceAtCaret('aab', 'aaab', 1);
    expect(splice).toEqual({ index: 0, remove: 0, insert: 'a' });
  });

  it('sets no caret in a field where nobody writes', () => {
    const [a, b] = [new Writer(), new Writer()];
    b.field.blur();
    let set = 0;
    b.field.addEventListener('selectionchange', () => (set += 1));
    b.field.setSelectionRange = () => (set += 1);
    a.type('maanantai');
    exchange(a.doc, b.doc);
    expect([b.field.value, set]).toEqual(['maanantai', 0]);
  });

  it('keeps the caret when others write before it', () => {
    const [a, b] = [new Writer(), new Writer()];
    a.type('maanantai');
    exchange(a.doc, b.doc);
    b.field.setSelectionRange(4, 6);
    a.type('Joka ', 0, 0);
    exchange(a.doc, b.doc);
    expect(b.field.value).toBe('Joka maanantai');
    expect([b.field.selectionStart, b.field.selectionEnd]).toEqual([9, 11]);
  });

  it('neither sends nor shows while a composition runs, then merges both', () => {
    const [a, b] = [new Writer(), new Writer()];
    a.type('xy');
    exchange(a.doc, b.doc);
    b.field.setSelectionRange(1, 1);
    b.compose('に');
    a.type('oi ', 0, 0);
    exchange(a.doc, b.doc);
    expect(b.field.value).toBe('xにy');
    expect(b.text.toString()).toBe('oi xy');
    b.edit('日本', 1, 2);
    b.endComposition();
    expect(b.text.toString()).toBe('oi x日本y');
    expect(b.field.value).toBe('oi x日本y');
    expect(b.field.selectionStart).toBe(6);
  });

  it('keeps what others wrote inside a span that a composition replaced', () => {
    const [a, b] = [new Writer(), new Writer()];
    a.type('abcdef');
    exchange(a.doc, b.doc);
    b.field.setSelectionRange(1, 5);
    b.compose('Z');
    a.type('--', 3, 3);
    exchange(a.doc, b.doc);
    b.endComposition();
    expect(b.text.toString()).toContain('--');
    expect(b.text.toString().replace('--', '')).toBe('aZf');
    expect(b.field.value).toBe(b.text.toString());
  });

  it('stops at the limit without cutting an emoji in half', () => {
    const writer = new Writer(5);
    writer.type('abcd');
    writer.type('🌲🌲');
    expect(writer.text.toString()).toBe('abcd');
    expect(writer.field.value).toBe('abcd');
    writer.type('e');
    expect(writer.field.value).toBe('abcde');
  });

  it('turns half a character into the replacement sign on both sides', () => {
    const writer = new Writer();
    writer.type('a\uD83Cb');
    expect(writer.text.toString()).toBe('a\uFFFDb');
    expect(writer.field.value).toBe('a\uFFFDb');
  });

  it('follows a text that is put in place of the old one', () => {
    const doc = new Y.Doc();
    const notes = doc.getMap<Y.Text>('n');
    notes.set('a', new Y.Text('yksi'));
    const field = document.createElement('textarea');
    let gone = 0;
    const find = () => notes.get('a') ?? null;
    const binding = new TextBinding({ field, doc, find, limit: LIMIT, gone: () => (gone += 1) });
    notes.set('a', new Y.Text('kaksi'));
    expect(field.value).toBe('kaksi');
    field.value = 'kaksi!';
    field.setSelectionRange(6, 6);
    field.dispatchEvent(new Event('input'));
    expect(notes.get('a')?.toString()).toBe('kaksi!');
    notes.delete('a');
    expect(gone).toBe(1);
    binding.destroy();
  });

  it('makes the line ends of other systems those of a textarea', () => {
    const writer = new Writer();
    const other = new Y.Doc();
    other.getText('t').insert(0, 'a\r\nb\rc');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    const text = doc.getText('t');
    new TextBinding({ field: writer.field, doc, find: () => text, limit: LIMIT });
    expect(text.toString()).toBe('a\nb\nc');
  });

  it('holds in 2,000 random rounds of two writers, emoji and compositions included', () => {
    const random = generator(7);
    const [a, b] = [new Writer(), new Writer()];
    const composing = new Set<Writer>();
    for (let round = 0; round < 2000; round += 1) {
      const writer = random() < 0.5 ? a : b;
      randomEdit(writer, random);
      if (random() < 0.05 && !composing.has(writer)) {
        writer.field.dispatchEvent(new Event('compositionstart'));
        composing.add(writer);
      } else if (random() < 0.3 && composing.delete(writer)) writer.endComposition();
      if (random() < 0.4) exchange(a.doc, b.doc);
    }
    for (const writer of composing) writer.endComposition();
    exchange(a.doc, b.doc);
    exchange(a.doc, b.doc);
    expect(a.text.toString()).toBe(b.text.toString());
    expect(a.field.value).toBe(a.text.toString());
    expect(b.field.value).toBe(b.text.toString());
    expect(wellFormed(a.text.toString())).toBe(a.text.toString());
  }, 60_000);
});

describe('text arithmetic', () => {
  it('leads from before to after for every random pair', () => {
    const random = generator(3);
    for (let round = 0; round < 500; round += 1) {
      const [before, after] = [randomText(random, 12), randomText(random, 12)];
      const caret = Math.floor(random() * (after.length + 1));
      const { index, remove, insert } = spliceAtCaret(before, after, caret);
      expect(before.slice(0, index) + insert + before.slice(index + remove)).toBe(after);
      expect(wellFormed(insert)).toBe(insert);
    }
  });

  it('cuts whole characters only', () => {
    expect(cutWhole('a🌲b', 2)).toBe('a');
    expect(cutWhole('a🌲b', 3)).toBe('a🌲');
    expect(cutWhole('abc', -1)).toBe('');
  });

  it('moves a caret over deletions and insertions', () => {
    expect(mapCaret(5, [{ retain: 2 }, { delete: 2 }])).toBe(3);
    expect(mapCaret(3, [{ retain: 2 }, { delete: 9 }])).toBe(2);
    expect(mapCaret(5, [{ insert: 'ab' }])).toBe(7);
    expect(mapCaret(5, [{ retain: 5 }, { insert: 'ab' }])).toBe(5);
  });
});

const PIECES = ['a', 'b', 'ab', ' ', '\n', '🌲', '🦊', 'ä', ''];

function randomText(random: () => number, length: number): string {
  const size = Math.floor(random() * length);
  return Array.from({ length: size }, () => PIECES[Math.floor(random() * PIECES.length)]).join('');
}

function randomEdit(writer: Writer, random: () => number): void {
  const points = [...characterStarts(writer.field.value)];
  const pick = () => points[Math.floor(random() * points.length)] ?? 0;
  const [start, end] = [pick(), pick()].sort((x, y) => x - y) as [number, number];
  const short = random() < 0.7 ? start : end;
  writer.type(randomText(random, 4), start, short);
}

function* characterStarts(text: string): Generator<number> {
  let at = 0;
  for (const char of text) {
    yield at;
    at += char.length;
  }
  yield at;
}

/** Repeatable random numbers in [0, 1): mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
