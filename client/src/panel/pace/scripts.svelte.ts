/** Notes of those who lead on their way to the server: kept on this device until it has them. */
import { ApiProblem } from '../../api/api';
import { sentenceOf, type Sentence } from '../../api/errors';
import { leadApi } from '../../api/lead-api';
import { unsent } from '../../api/unsent.svelte';
import { Drafts } from '../../device/drafts';
import type { DeskState } from '../../navigation/desk.svelte';

const TYPING_MS = 700;
const RETRY_MS = 5_000;
const NAME = 'script';

/** What was typed, and what stood there before it. */
interface Typed {
  readonly text: string;
  readonly before: string;
}
type ByBoard<Value> = Readonly<Record<string, Value>>;

export interface ScriptCalls {
  readonly read: () => Promise<{ texts: ByBoard<string> }>;
  readonly write: (body: {
    board: string;
    text: string;
    before: string;
  }) => Promise<{ text: string }>;
}

/** One person's sight of the notes, board by board, and what they have typed of them. */
export class Scripts {
  problem = $state.raw<Sentence | null>(null);
  /** As the server has them; null before they have come. */
  #texts = $state.raw<ByBoard<string> | null>(null);
  #typed = $state.raw<ByBoard<Typed>>({});
  readonly #calls: ScriptCalls;
  readonly #drafts: Drafts;
  #last: Promise<void> = Promise.resolve();
  #soon: ReturnType<typeof setTimeout> | null = null;

  constructor(calls: ScriptCalls, drafts: Drafts) {
    this.#calls = calls;
    this.#drafts = drafts;
    this.#keep(drafts.get<ByBoard<Typed>>(NAME) ?? {});
  }

  get loaded(): boolean {
    return this.#texts !== null;
  }

  /** Whether the server lacks something that was typed. */
  get waits(): boolean {
    return Object.keys(this.#typed).length > 0;
  }

  textOf(board: string): string {
    return this.#typed[board]?.text ?? this.#texts?.[board] ?? '';
  }

  /** What others have written meanwhile as well; what was typed and not sent goes out. */
  async load(): Promise<void> {
    await this.#inTurn(async () => {
      try {
        this.#texts = (await this.#calls.read()).texts;
        this.problem = null;
      } catch (error) {
        this.problem = sentenceOf(error);
      }
    });
    if (this.waits) await this.flush();
  }

  type(board: string, text: string): void {
    const before = this.#typed[board]?.before ?? this.#texts?.[board] ?? '';
    this.#keep({ ...this.#typed, [board]: { text, before } });
    this.#flushIn(TYPING_MS);
  }

  /** Done when the server has what was typed, or said why not. */
  flush(): Promise<void> {
    if (this.#soon) clearTimeout(this.#soon);
    this.#soon = null;
    return this.#inTurn(async () => {
      for (const board of Object.keys(this.#typed)) await this.#deliver(board);
    });
  }

  async #deliver(board: string): Promise<void> {
    const sent = this.#typed[board];
    if (!sent) return;
    try {
      const { text } = await this.#calls.write({ board, ...sent });
      this.#texts = { ...this.#texts, [board]: text };
      this.problem = null;
      this.#settle(board, sent, text);
    } catch (error) {
      this.problem = sentenceOf(error);
      const isFinal = error instanceof ApiProblem && error.status < 500;
      if (!isFinal) this.#flushIn(RETRY_MS);
    }
  }

  /** What somebody else had written comes below what was typed on meanwhile. */
  #settle(board: string, sent: Typed, stands: string): void {
    const now = this.#typed[board];
    const rest = Object.fromEntries(Object.entries(this.#typed).filter(([key]) => key !== board));
    if (!now || now.text === sent.text) return this.#keep(rest);
    const others = stands.startsWith(sent.text) ? stands.slice(sent.text.length) : '';
    this.#keep({ ...rest, [board]: { text: now.text + others, before: stands } });
    this.#flushIn(TYPING_MS);
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(act);
    return this.#last;
  }

  #flushIn(milliseconds: number): void {
    if (this.#soon) clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.flush(), milliseconds);
  }

  #keep(typed: ByBoard<Typed>): void {
    this.#typed = typed;
    if (this.waits) this.#drafts.put(NAME, typed);
    else if (this.#drafts.get(NAME) !== undefined) this.#drafts.drop(NAME);
    unsent.tell(NAME, Object.keys(typed).length);
  }
}

const known = new WeakMap<DeskState, Scripts>();

/** The notes for the boards of a desk; they live as long as the page. */
export function scriptsOf(desk: DeskState): Scripts {
  const calls: ScriptCalls = {
    read: () => leadApi.scripts(desk.workshop),
    write: (body) => leadApi.writeScript(desk.workshop, body),
  };
  const scripts = known.get(desk) ?? new Scripts(calls, desk.drafts);
  known.set(desk, scripts);
  return scripts;
}
