/** One of a few words, chosen on this device and kept there. */
export class Choice<T extends string> {
  readonly #key: string;
  #chosen = $state.raw('' as T);

  /** `first`: what it is until somebody chooses. */
  constructor(key: string, words: readonly T[], first: T) {
    this.#key = key;
    this.#chosen = keptWord(key, words) ?? first;
  }

  /** Reactive. */
  get chosen(): T {
    return this.#chosen;
  }

  choose(word: T): void {
    this.#chosen = word;
    try {
      localStorage.setItem(this.#key, word);
    } catch {
      // Storage may be forbidden: it holds for this visit.
    }
  }
}

const ON_OFF = ['on', 'off'] as const;

/** Something that is on until it is switched off on this device. */
export class Switch {
  readonly #choice: Choice<(typeof ON_OFF)[number]>;

  constructor(key: string) {
    this.#choice = new Choice(key, ON_OFF, 'on');
  }

  /** Reactive. */
  get isOn(): boolean {
    return this.#choice.chosen === 'on';
  }

  turn(on: boolean): void {
    this.#choice.choose(on ? 'on' : 'off');
  }
}

function keptWord<T extends string>(key: string, words: readonly T[]): T | undefined {
  try {
    const kept = localStorage.getItem(key);
    return words.find((word) => word === kept);
  } catch {
    return undefined;
  }
}
