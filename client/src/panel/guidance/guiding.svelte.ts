import type { GuidanceChange } from '../../workshop/guidance';
import { api, ApiProblem, type DeskPatch } from '../../api/api';
import { Drafts } from '../../device/drafts';
import { sentenceOf, type Sentence } from '../../api/errors';
import { unsent } from '../../api/unsent.svelte';
import type { DeskState } from '../../navigation/desk.svelte';

const TYPING_MS = 700;
const RETRY_MS = 5_000;
const NAME = 'guidance';

/** What a field holds and the server does not. */
interface Waiting {
  readonly text: string;
  /** null for what cannot be sent as it stands. */
  readonly change: GuidanceChange | null;
  /** The server said no: it waits for its writer. */
  readonly refused?: boolean;
}
type All = Readonly<Record<string, Waiting>>;

/**
 * Changes of the guidance on their way to the server, one after the other. What was typed is kept
 * on this device until the server has it: through tabs of the panel, closing it, and reloading.
 */
export class Guiding {
  problem = $state.raw<Sentence | null>(null);
  #waiting = $state.raw<All>({});

  readonly #send: (patch: DeskPatch) => Promise<unknown>;
  readonly #drafts: Drafts;
  #last: Promise<void> = Promise.resolve();
  #soon: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (patch: DeskPatch) => Promise<unknown>, drafts: Drafts) {
    this.#send = send;
    this.#drafts = drafts;
    this.#keep(drafts.get<All>(NAME) ?? {});
    if (Object.keys(this.#waiting).length > 0) void this.flush();
  }

  /** Fields whose content the server does not have yet. */
  get unsent(): number {
    return Object.keys(this.#waiting).length;
  }

  /** What a field holds, if the server does not have it yet. */
  draft(field: string): string | undefined {
    return this.#waiting[field]?.text;
  }

  /** A field is being typed in; sent when its writer pauses, or leaves it (`flush`). */
  type(field: string, text: string, change: GuidanceChange | null): void {
    this.#keep({ ...this.#waiting, [field]: { text, change } });
    this.#flushIn(TYPING_MS);
  }

  /** A field holds again what it held. */
  forget(field: string): void {
    this.#keep(without(this.#waiting, field));
  }

  /** Done when the server has what waits, or said why not. */
  flush(): Promise<void> {
    if (this.#soon) clearTimeout(this.#soon);
    this.#soon = null;
    return this.#inTurn(async () => {
      for (const field of Object.keys(this.#waiting)) {
        if (!(await this.#deliver(field))) return;
      }
    });
  }

  /** A press of a button: sent at once, after what was typed before. */
  async press(change: GuidanceChange): Promise<void> {
    await this.flush();
    return this.#inTurn(() => this.#try({ guidance_change: change }));
  }

  /** Back to the workbook's own, with what was typed and not sent. */
  reset(): Promise<void> {
    this.#keep({});
    return this.#inTurn(() => this.#try({ guidance: null }));
  }

  #inTurn(act: () => Promise<unknown>): Promise<void> {
    this.#last = this.#last.then(async () => void (await act()));
    return this.#last;
  }

  /** False when there is no use in going on now. */
  async #deliver(field: string): Promise<boolean> {
    const waiting = this.#waiting[field];
    if (!waiting?.change || waiting.refused) return true;
    const error = await this.#try({ guidance_change: waiting.change });
    if (this.#waiting[field] !== waiting) return true; // typed on meanwhile
    if (error === null) this.forget(field);
    else if (isFinal(error))
      this.#keep({ ...this.#waiting, [field]: { ...waiting, refused: true } });
    else this.#flushIn(RETRY_MS);
    return error === null || isFinal(error);
  }

  async #try(patch: DeskPatch): Promise<unknown> {
    try {
      await this.#send(patch);
      this.problem = null;
      return null;
    } catch (error) {
      this.problem = sentenceOf(error);
      return error;
    }
  }

  #flushIn(milliseconds: number): void {
    if (this.#soon) clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.flush(), milliseconds);
  }

  #keep(waiting: All): void {
    this.#waiting = waiting;
    if (Object.keys(waiting).length > 0) this.#drafts.put(NAME, waiting);
    else if (this.#drafts.get(NAME) !== undefined) this.#drafts.drop(NAME);
    unsent.tell(NAME, this.unsent);
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof ApiProblem && error.status < 500;
}

function without(all: All, field: string): All {
  return Object.fromEntries(Object.entries(all).filter(([key]) => key !== field));
}

const guidings = new WeakMap<DeskState, Guiding>();

/** The changes on their way to a desk; they live as long as the page. */
export function guidingOf(desk: DeskState): Guiding {
  const send = (patch: DeskPatch) => api.patchDesk(desk.workshop, patch);
  const guiding = guidings.get(desk) ?? new Guiding(send, desk.drafts);
  guidings.set(desk, guiding);
  return guiding;
}
