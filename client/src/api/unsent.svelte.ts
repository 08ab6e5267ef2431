/** Fields, beside the boards, that hold something the server does not have: the badge counts them. */
class Unsent {
  #counts = $state.raw<Readonly<Record<string, number>>>({});

  get count(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  /** `what`: who tells, such as `guidance`; `count`: how many of its fields wait now. */
  tell(what: string, count: number): void {
    if ((this.#counts[what] ?? 0) !== count) this.#counts = { ...this.#counts, [what]: count };
  }
}

export const unsent = new Unsent();
