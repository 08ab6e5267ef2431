import { sentenceOf, type Sentence } from './errors';

/** One button's call to the server: whether it is under way, and what went wrong with the last. */
export class Command {
  busy = $state(false);
  problem = $state.raw<Sentence | null>(null);
  #turn: Promise<unknown> = Promise.resolve();

  /** The answer, or null when it failed (`problem` then says why) or is under way already. */
  async run<T>(call: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.problem = null;
    try {
      return await call();
    } catch (error) {
      this.problem = sentenceOf(error);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** As `run`, but behind those before it: none is left out because another is under way. */
  inTurn<T>(call: () => Promise<T>): Promise<T | null> {
    const done = this.#turn.then(() => this.run(call));
    this.#turn = done;
    return done;
  }
}
