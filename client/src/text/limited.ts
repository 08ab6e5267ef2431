/** Fields that people fill in: what is pasted is made plain, and nothing is cut without a word. */
import { cutWhole, spliceAtCaret } from './text-diff';
import { plainLines, plainTyping } from './plain';

/** What did not fit into a field, to be told; bubbles to the window. */
export interface CutText {
  /** How many UTF-16 units fit. */
  readonly most: number;
  readonly rest: string;
}

const CUT = 'textcut';

/** Say that a field takes no more, and what of the text stayed out. */
export function tellCut(field: HTMLElement, cut: CutText): void {
  field.dispatchEvent(new CustomEvent<CutText>(CUT, { bubbles: true, detail: cut }));
}

/** Hear what fields could not take; gives the way to stop. */
export function hearCut(listener: (cut: CutText) => void): () => void {
  const heard = (event: Event) => listener((event as CustomEvent<CutText>).detail);
  addEventListener(CUT, heard);
  return () => removeEventListener(CUT, heard);
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** An attachment: at most `most` UTF-16 units; of several lines only if `lines`. */
export function limited(most: number, lines = false) {
  const plain = lines ? plainLines : plainTyping;
  return (field: Field): (() => void) => {
    let before = field.value;
    const remember = () => (before = field.value);
    const tidy = () => {
      const fitted = fit(before, field, most, plain);
      if (fitted.value !== field.value) {
        field.value = fitted.value;
        field.setSelectionRange(fitted.caret, fitted.caret);
      }
      before = field.value;
      if (fitted.rest !== '') tellCut(field, { most, rest: fitted.rest });
    };
    const oninput = (event: Event) => {
      if (!(event as InputEvent).isComposing) tidy();
    };
    const oncomposed = () => {
      tidy();
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    // First of all that listen: whoever binds the value reads what stays.
    field.addEventListener('input', oninput, { capture: true });
    field.addEventListener('beforeinput', remember);
    field.addEventListener('focus', remember);
    field.addEventListener('compositionend', oncomposed);
    return () => {
      field.removeEventListener('input', oninput, { capture: true });
      field.removeEventListener('beforeinput', remember);
      field.removeEventListener('focus', remember);
      field.removeEventListener('compositionend', oncomposed);
    };
  };
}

/** What was put in is made plain and cut where it does not fit; what stood there stays. */
function fit(before: string, field: Field, most: number, plain: (text: string) => string) {
  const { value } = field;
  const { index, insert } = spliceAtCaret(before, value, field.selectionEnd ?? value.length);
  const tail = value.slice(index + insert.length);
  const whole = plain(insert);
  const kept = cutWhole(whole, Math.max(0, most - index - tail.length));
  const caret = index + kept.length;
  return { value: value.slice(0, index) + kept + tail, caret, rest: whole.slice(kept.length) };
}
