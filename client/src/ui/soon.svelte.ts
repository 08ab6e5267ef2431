import type { Component } from 'svelte';
import { fetchPart, later } from '../browser/chunks';
import { loadAllTexts } from '../i18n/i18n';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Svelte's own: properties are checked where it is used
type Part = Component<any, any>;

/**
 * A small part of the page that no first board shows. It comes when something asks for it, or by
 * itself as all later ones do, and until then there is nothing in its place.
 */
export class Soon<C extends Part> {
  #here = $state.raw<C>();
  #asked = false;
  readonly #load: () => Promise<unknown>;

  constructor(load: () => Promise<{ default: C }>) {
    this.#load = later(async () => {
      const [part] = await Promise.all([load(), loadAllTexts()]);
      this.#here = part.default;
      return part;
    });
  }

  /** Undefined until it has come; reactive. */
  get here(): C | undefined {
    if (!this.#here && !this.#asked) {
      this.#asked = true;
      fetchPart(this.#load).catch(() => (this.#asked = false)); // at the next look, or with the rest
    }
    return this.#here;
  }
}
