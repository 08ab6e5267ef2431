/**
 * Whether this network lets pages through and live connections not.
 *
 * Some proxies and firewalls answer a WebSocket's upgrade themselves, let it hang, or open it and
 * pass nothing. It looks like a server that is down, but for one thing: the server answers
 * by HTTP. Only a socket that was tried, or waited for, while it did is a sign.
 */

type Milliseconds = number;
/** A provider, by what wakes it: it tries now if it is not trying. */
export type Member = () => void;

const FIRST_LOOK: Milliseconds = 3_000;
const LOOKS: Milliseconds = 1_500;
const LATER_LOOKS: Milliseconds = 5_000;
const SOONEST: Milliseconds = 6_000;
/** A socket says its first word within three turns of the network. */
const WORD: Milliseconds = 2_500;
const WORD_TURNS = 4;
const PROBE_DEADLINE: Milliseconds = 4_000;
const ALIVE = 'alive';

/** A judge of one network: has it let pages through, and live connections not? */
export class Blockade {
  blocked = false;

  readonly #listeners = new Set<() => void>();
  readonly #members = new Set<Member>();
  /** Sockets that have not said a word, by whom, since when. */
  readonly #silent = new Map<Member, number>();
  /** Nothing was heard since. */
  #since: number | null = null;
  /** The server answers by HTTP since. */
  #answers: number | null = null;
  #patience = WORD;
  /** A socket came to nothing while it did. */
  #failed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A socket is being opened. */
  tries(member: Member): void {
    this.#members.add(member);
    this.#silent.set(member, Date.now());
    this.#since ??= Date.now();
    this.#timer ??= setTimeout(this.#look, FIRST_LOOK);
  }

  /** It is gone. */
  ended(member: Member): void {
    if (this.#isInVain(member)) this.#failed = true;
    this.#silent.delete(member);
  }

  /** Something came through a socket. */
  passed(): void {
    if (this.#since === null) return;
    this.#since = null;
    this.#silent.clear();
    this.#forget();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** It does not try any more. */
  leaves(member: Member): void {
    this.#members.delete(member);
    this.#silent.delete(member);
    if (this.#members.size === 0) this.passed();
  }

  #forget(): void {
    this.#answers = null;
    this.#failed = false;
    this.#set(false);
  }

  /** Begun, or waited for, while the server answered. */
  #isInVain(member: Member): boolean {
    const began = this.#silent.get(member);
    if (began === undefined || this.#answers === null) return false;
    return began >= this.#answers || Date.now() - this.#answers >= this.#patience;
  }

  #isWaitedFor(): boolean {
    const latest = Date.now() - this.#patience;
    return [...this.#silent].some(([member, began]) => began <= latest && this.#isInVain(member));
  }

  readonly #look = async (): Promise<void> => {
    const began = Date.now();
    const spell = this.#since;
    const alive = await isAlive();
    if (spell === null || this.#since !== spell) return;
    if (alive) this.#weigh(spell, Date.now() - began);
    else this.#forget();
    this.#timer = setTimeout(this.#look, this.blocked ? LATER_LOOKS : LOOKS);
  };

  #weigh(since: number, took: Milliseconds): void {
    this.#patience = Math.max(WORD, WORD_TURNS * took);
    if (this.#answers === null) {
      this.#answers = Date.now();
      for (const wake of this.#members) wake();
    } else if (Date.now() - since >= SOONEST) {
      this.#set(this.blocked || this.#failed || this.#isWaitedFor());
    }
  }

  #set(blocked: boolean): void {
    if (this.blocked === blocked) return;
    this.blocked = blocked;
    for (const listener of this.#listeners) listener();
  }
}

/** The network of this page. */
export const blockade = new Blockade();

/** The server itself answers, and not a portal in its place. */
async function isAlive(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROBE_DEADLINE);
    const answer = await fetch('/healthz', { cache: 'no-store', signal });
    return answer.ok && (await answer.text()).trim() === ALIVE;
  } catch {
    return false;
  }
}
