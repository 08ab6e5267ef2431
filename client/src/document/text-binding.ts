/** Binds one textarea to one Y.Text that others write too: carets stay, compositions are not disturbed. */
import type * as Y from 'yjs';
import { tellCut } from '../text/limited';
import { plainLines, plainPaste, plainTyping } from '../text/plain';
import { cutWhole, mapCaret, mapCharacter, spliceAtCaret, wellFormed } from '../text/text-diff';
import type { DeltaStep, Splice } from '../text/text-diff';
import { beginsStep, typedBy, type Typed } from './typing-steps';
import { USER } from './undo';

export interface TextSteps {
  boundary(): void;
  undoIn(text: Y.Text): void;
  redoIn(text: Y.Text): void;
}

export interface BindingOptions {
  readonly field: HTMLTextAreaElement;
  readonly doc: Y.Doc;
  /** Looked up again after every change: undo and redo may put another Y.Text in its place. */
  readonly find: () => Y.Text | null;
  /** Longest text in UTF-16 units. */
  readonly limit: number;
  /** One line, however many are pasted. */
  readonly line?: boolean;
  /** Steps of undo within the text; without them it is the browser's own. */
  readonly steps?: TextSteps;
  /** The text is gone from the document. */
  readonly gone?: () => void;
}

/** The bond of one textarea and one Y.Text: letters go both ways. */
export class TextBinding {
  readonly #options: BindingOptions;
  readonly #field: HTMLTextAreaElement;
  #text: Y.Text | null = null;
  /** What field and text both said when they last agreed. */
  #last = '';
  #composing = false;
  /** Others' edits during a composition, oldest first. */
  #missed: (readonly DeltaStep[])[] = [];
  #own = false;
  #pasted = false;
  #typed: Typed | null = null;
  /** Something was written while there was no text to write it into, as on a board that loads. */
  #waits = false;

  constructor(options: BindingOptions) {
    this.#options = options;
    this.#field = options.field;
    this.#field.addEventListener('input', this.#onInput);
    this.#field.addEventListener('beforeinput', this.#onBeforeInput);
    this.#field.addEventListener('keydown', this.#onKey);
    this.#field.addEventListener('compositionstart', this.#onCompositionStart);
    this.#field.addEventListener('compositionend', this.#onCompositionEnd);
    options.doc.on('afterTransaction', this.#rebind);
    this.#rebind();
  }

  destroy(): void {
    if (this.#composing) this.#onCompositionEnd();
    this.#field.removeEventListener('input', this.#onInput);
    this.#field.removeEventListener('beforeinput', this.#onBeforeInput);
    this.#field.removeEventListener('keydown', this.#onKey);
    this.#field.removeEventListener('compositionstart', this.#onCompositionStart);
    this.#field.removeEventListener('compositionend', this.#onCompositionEnd);
    this.#options.doc.off('afterTransaction', this.#rebind);
    this.#text?.unobserve(this.#onText);
    this.#text = null;
  }

  readonly #rebind = (): void => {
    const found = this.#options.find();
    if (found === this.#text) return;
    this.#text?.unobserve(this.#onText);
    this.#text = found;
    this.#missed = [];
    if (!found) {
      this.#options.gone?.();
      return;
    }
    this.#options.doc.transact(() => unifyLineEnds(found), USER);
    found.observe(this.#onText);
    const waiting = this.#waits ? this.#field.value : '';
    this.#waits = false;
    if (this.#composing && found.length === 0) return; // it comes when the word is whole
    this.#show(found.toString(), (caret) => caret);
    if (waiting === '') return;
    this.#field.value += waiting;
    this.#push();
  };

  readonly #onInput = (event: Event): void => {
    this.#pasted = event instanceof InputEvent && event.inputType === 'insertFromPaste';
    if (!this.#composing) this.#push();
    this.#pasted = false;
  };

  readonly #onBeforeInput = (event: InputEvent): void => {
    // After one remote edit the browser's own undo is dead or wrong; ours knows whose edit is whose.
    if (event.inputType === 'historyUndo') this.#step('undoIn', event);
    else if (event.inputType === 'historyRedo') this.#step('redoIn', event);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) this.#step('undoIn', event);
    else if (key === 'y' || key === 'z') this.#step('redoIn', event);
  };

  #step(way: 'undoIn' | 'redoIn', event: Event): void {
    const { steps } = this.#options;
    if (!steps) return;
    event.preventDefault();
    this.#typed = null;
    if (this.#text) steps[way](this.#text);
  }

  readonly #onCompositionStart = (): void => {
    this.#composing = true;
  };

  readonly #onCompositionEnd = (): void => {
    this.#composing = false;
    this.#push();
  };

  readonly #onText = (event: Y.YTextEvent): void => {
    if (this.#own || !this.#text) return;
    const delta = event.delta as readonly DeltaStep[];
    if (this.#composing) this.#missed.push(delta);
    else this.#show(this.#text.toString(), (caret) => mapCaret(caret, delta));
  };

  #push(): void {
    const value = this.#field.value;
    const missed = this.#missed.splice(0);
    if (!this.#text && this.#last === '') this.#waits = true;
    if (!this.#text || (value === this.#last && missed.length === 0)) return;
    const typed = spliceAtCaret(this.#last, value, this.#field.selectionEnd);
    const room = this.#options.limit - (this.#last.length - typed.remove);
    const kept = this.#pasted ? plainPaste : plainLines;
    const plain = (this.#options.line ? plainTyping : kept)(wellFormed(typed.insert));
    const splice = { ...typed, insert: cutWhole(plain, Math.max(0, room)) };
    const rest = plain.slice(splice.insert.length);
    const begins = beginsStep(this.#last, splice, this.#typed);
    if (begins) this.#options.steps?.boundary();
    this.#typed = typedBy(splice, begins ? null : this.#typed);
    if (rest !== '') tellCut(this.#field, { most: this.#options.limit, rest });
    const caretBeforeEnd = typed.index + typed.insert.length - this.#field.selectionEnd;
    const end = this.#apply(this.#text, splice, missed);
    this.#last = this.#text.toString();
    if (this.#last === value) return;
    // Either others wrote while we composed, or the text was cut: show what the document holds.
    this.#show(this.#last, () => end - Math.max(0, caretBeforeEnd));
  }

  /** Write the splice, made on `#last`, into a text that has since seen `missed`; gives the caret after it. */
  #apply(text: Y.Text, splice: Splice, missed: readonly (readonly DeltaStep[])[]): number {
    const { index, remove, insert } = splice;
    let at = missed.reduce((caret, delta) => mapCaret(caret, delta), index);
    this.#own = true;
    this.#options.doc.transact(() => {
      if (missed.length === 0 && remove > 0) text.delete(at, remove);
      if (missed.length > 0) at -= deleteEach(text, index, remove, missed, at);
      if (insert !== '') text.insert(at, insert);
    }, USER);
    this.#own = false;
    return at + insert.length;
  }

  #show(value: string, map: (caret: number) => number): void {
    this.#last = value;
    const field = this.#field;
    if (field.value === value) return;
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = field;
    field.value = value;
    // Only where the person writes: in Safari a caret that is set takes the keyboard along.
    if (field.ownerDocument.activeElement === field) {
      field.setSelectionRange(map(selectionStart), map(selectionEnd), selectionDirection);
    }
    field.scrollTop = scrollTop;
    field.dispatchEvent(new Event('bound'));
  }
}

/** Delete, of `remove` characters at `index` before `missed`, those that are still there. */
function deleteEach(
  text: Y.Text,
  index: number,
  remove: number,
  missed: readonly (readonly DeltaStep[])[],
  before: number,
): number {
  let deletedBefore = 0;
  for (let i = index + remove - 1; i >= index; i -= 1) {
    let at: number | null = i;
    for (const delta of missed) at = at === null ? null : mapCharacter(at, delta);
    if (at === null) continue;
    text.delete(at, 1);
    if (at < before) deletedBefore += 1;
  }
  return deletedBefore;
}

/** A textarea knows only \n; a foreign client may have written \r. */
function unifyLineEnds(text: Y.Text): void {
  const value = text.toString();
  for (let i = value.length - 1; i >= 0; i -= 1) {
    if (value[i] !== '\r') continue;
    text.delete(i, 1);
    if (value[i + 1] !== '\n') text.insert(i, '\n');
  }
}
