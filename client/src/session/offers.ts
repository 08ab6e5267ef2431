/** Messages that offer deleted notes back, for as long as these are gone. */
import { t } from '../i18n/i18n';
import { toasts } from '../browser/toasts.svelte';

interface Offer {
  readonly toast: number;
  readonly ids: readonly string[];
}

/** The messages, on one board, that bring deleted notes back. */
export class Offers {
  #all: readonly Offer[] = [];
  readonly #bringBack: (ids: readonly string[]) => void;

  constructor(bringBack: (ids: readonly string[]) => void) {
    this.#bringBack = bringBack;
  }

  show(text: string, ids: readonly string[]): void {
    const action = { label: t('board.undo'), run: () => this.#bringBack(ids) };
    this.#all = [...this.#all, { toast: toasts.show(text, { action }), ids }];
  }

  /** Some notes changed: an offer to bring back what is back has served. */
  settle(stands: (id: string) => boolean): void {
    this.#withdraw(({ ids }) => ids.every(stands));
  }

  clear(): void {
    this.#withdraw(() => true);
  }

  #withdraw(which: (offer: Offer) => boolean): void {
    if (this.#all.length === 0) return;
    for (const offer of this.#all) if (which(offer)) toasts.close(offer.toast);
    this.#all = this.#all.filter((offer) => !which(offer));
  }
}
