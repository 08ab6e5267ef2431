import type { Drafts } from './drafts';

/** A text that is being written, as kept in `drafts`: bind a field to `text`. */
export class Kept {
  #text = $state('');
  readonly #drafts: Drafts;
  readonly #name: string;

  /** `otherwise`: what the field holds when nothing was written. */
  constructor(drafts: Drafts, name: string, otherwise = '') {
    this.#drafts = drafts;
    this.#name = name;
    this.#text = drafts.get<string>(name) ?? otherwise;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    if (text === '') this.#drafts.drop(this.#name);
    else this.#drafts.put(this.#name, text);
  }

  /** It was sent, or thrown away. */
  clear(): void {
    this.text = '';
  }
}
