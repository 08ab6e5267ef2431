import { afterEach, describe, expect, it } from 'vitest';
import { keepTranslated } from '../translated';

const settled = () => new Promise((done) => setTimeout(done));

/** As Chrome's and Google's translators do, with capital letters for another language. */
function translate(node: Text): HTMLElement {
  const outer = document.createElement('font');
  const inner = document.createElement('font');
  inner.textContent = node.data.toUpperCase();
  outer.append(inner);
  node.replaceWith(outer);
  return outer;
}

describe('a page that is translated', () => {
  const observer = keepTranslated(document.body);
  const text = document.createTextNode('');
  const place = document.createElement('p');
  const words = () => place.textContent;

  async function begin(said: string): Promise<HTMLElement> {
    document.body.replaceChildren(place);
    place.replaceChildren('<', text, '>');
    text.data = said;
    const font = translate(text);
    await settled();
    expect(words()).toBe(`<${said.toUpperCase()}>`);
    return font;
  }

  afterEach(() => observer.takeRecords());

  it('shows what is written later', async () => {
    await begin('jono');
    text.data = 'jono kasvaa';
    await settled();
    expect(words()).toBe('<jono kasvaa>');
    translate(text);
    await settled();
    text.data = '';
    await settled();
    expect(words()).toBe('<>');
  });

  it('loses the translation with the text', async () => {
    await begin('jono');
    text.remove();
    await settled();
    expect(words()).toBe('<>');
  });

  it('has its place in the row of nodes, for whoever takes a part of the page away', async () => {
    const font = await begin('jono');
    expect(text.nextSibling).toBe(font);
    expect(text.nextSibling?.nextSibling?.textContent).toBe('>');
  });

  it('says the original again', async () => {
    const font = await begin('jono');
    font.replaceWith(text);
    await settled();
    expect(words()).toBe('<jono>');
    const again = translate(text);
    await settled();
    again.remove();
    await settled();
    expect(words()).toBe('<jono>');
  });

  it('knows the translation that comes beside the text before the text goes', async () => {
    await begin('x');
    text.data = 'jono';
    await settled();
    const font = document.createElement('font');
    font.textContent = 'JONO';
    text.after(font);
    text.remove();
    await settled();
    expect(words()).toBe('<JONO>');
    text.data = 'kasvaa';
    await settled();
    expect(words()).toBe('<kasvaa>');
  });

  it('leaves alone what the page itself takes away', async () => {
    await begin('x');
    const other = document.createTextNode('oma');
    place.replaceChildren(other);
    other.remove();
    place.append(document.createElement('b'));
    await settled();
    expect(place.innerHTML).toBe('<b></b>');
    expect(other.data).toBe('oma');
    await begin('jono'); // its translation stands beside what goes
    place.append(other);
    await settled();
    place.lastChild?.previousSibling?.remove();
    other.remove();
    await settled();
    expect(words()).toBe('<JONO');
  });
});
