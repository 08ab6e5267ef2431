import { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';

const RENEW_MS = 15_000;

/**
 * Presence as the server tells it. It says who comes and who goes, so nobody is taken for gone because
 * their page, or ours, stood still for half a minute. Our own state is renewed for those who count.
 */
export class ServedAwareness extends Awareness {
  constructor(doc: Y.Doc) {
    super(doc);
    clearInterval(this._checkInterval);
    this._checkInterval = setInterval(() => {
      const state = this.getLocalState();
      if (state !== null) this.setLocalState(state);
    }, RENEW_MS);
  }
}
