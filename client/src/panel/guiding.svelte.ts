import type { Guidance } from '../core/guidance';
import { sentenceOf, type Sentence } from '../lib/errors';

/**
 * Changes of the guidance on their way to the server, one after the other. Each builds on the one
 * before, so that who goes straight from a field to a button loses neither.
 */
export class Guiding {
  problem = $state.raw<Sentence | null>(null);

  readonly #desk: () => Guidance;
  readonly #send: (guidance: Guidance | null) => Promise<unknown>;
  /** Newer than the desk's, until the desk has heard of it. */
  #newest: Guidance | null = null;
  #underWay = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(desk: () => Guidance, send: (guidance: Guidance | null) => Promise<unknown>) {
    this.#desk = desk;
    this.#send = send;
  }

  /** The last change is done when what this returns is. */
  change(edit: (before: Guidance) => Guidance): Promise<void> {
    return this.#enqueue(edit(this.#newest ?? this.#desk()));
  }

  /** Back to the workbook's own. */
  reset(): Promise<void> {
    return this.#enqueue(null);
  }

  /** The desk has changed; called whenever it has. */
  heard(): void {
    if (this.#underWay === 0) this.#newest = null;
  }

  #enqueue(guidance: Guidance | null): Promise<void> {
    this.#newest = guidance ?? {};
    this.#underWay += 1;
    this.#last = this.#last.then(() => this.#save(guidance));
    return this.#last;
  }

  async #save(guidance: Guidance | null): Promise<void> {
    try {
      await this.#send(guidance);
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
      this.#newest = null;
    } finally {
      this.#underWay -= 1;
    }
  }
}
