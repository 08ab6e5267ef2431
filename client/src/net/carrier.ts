/** Brings own edits over one connection: in order, in pieces, at a pace, and only while they are taken. */
import * as Y from 'yjs';
import { Ledger, type Edit } from './wire/ledger';
import { Pace } from './pace';
import { fitsAnswer, nextPiece, NOTHING } from './wire/pieces';
import { Inhabited, Uprooted } from './uprooted';
import * as wire from './wire/wire';

/** A socket that takes edits now. */
type Way = Pick<WebSocket, 'send' | 'bufferedAmount'>;
type Standing = Extract<wire.Message, { kind: 'standing' }>;

/** Half of what the server takes from one connection. */
const PER_SECOND = 50;
const BURST = 200;
/** So much may wait in the browser: what follows may still be merged, and presence comes through. */
const MOST_BUFFERED = 128 << 10;
const BUFFERED_PAUSE_MS = 50;

/** The bearer of one document's own edits over its connection. */
export class Carrier {
  readonly ledger = new Ledger();
  /** The server takes edits; so it does until it says otherwise. */
  open = true;
  /** Why it does not: "read-only" or "full". */
  reason = '';

  readonly #doc: Y.Doc;
  readonly #way: () => Way | null;
  readonly #tell: (notice: wire.Notice) => void;
  readonly #uprooted = new Uprooted();
  readonly #pace = new Pace(PER_SECOND, BURST);
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `way`: the socket that takes edits now, if any. `tell`: what nobody else can tell. */
  constructor(doc: Y.Doc, way: () => Way | null, tell: (notice: wire.Notice) => void) {
    this.#doc = doc;
    this.#way = way;
    this.#tell = tell;
  }

  /** Something arrives, or may arrive, without anything else happening first. */
  get isOnTheWay(): boolean {
    const sends = this.open && this.#way() !== null;
    return this.ledger.waits || (sends && this.ledger.unsaved > 0);
  }

  wrote(edit: Edit): void {
    this.ledger.wrote(edit);
    this.#carry();
  }

  /** A new connection; our question was its first message. */
  greeted(): void {
    this.open = true;
    this.reason = '';
    this.ledger.connected();
    this.ledger.sent();
  }

  /** Whether the server takes what is sent, as it says. */
  stand({ takes, number, reason }: Standing): void {
    this.open = takes;
    this.reason = reason;
    if (number > 0) this.ledger.returned(number);
    this.#carry();
  }

  /** The server asks what it lacks: all of it if that is little, else nothing, and then the pieces. */
  answer(stateVector: Uint8Array): void {
    const all = this.open ? Y.encodeStateAsUpdate(this.#doc, stateVector) : NOTHING;
    if (this.open && fitsAnswer(all)) {
      this.#tellLost();
      this.#way()?.send(wire.syncStep2(all));
      this.ledger.carried(this.ledger.waiting);
    } else {
      this.#way()?.send(wire.syncStep2(NOTHING));
      this.ledger.sent();
    }
    this.#carry();
  }

  /** What happened while we were away; tells what of ours has lost its place by it. */
  comeBackTo(update: Uint8Array, origin: unknown): void {
    const waiting = this.ledger.waiting.map((edit) => edit.update);
    const inhabited = new Inhabited(this.#doc, waiting);
    Y.applyUpdate(this.#doc, update, origin);
    this.#tellLost();
    inhabited.lost(this.#doc).forEach(this.#tell);
  }

  destroy(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tellLost(): void {
    const updates = this.ledger.edits.map(({ update }) => update);
    this.#uprooted.lost(this.#doc, updates).forEach(this.#tell);
  }

  readonly #carry = (): void => {
    this.destroy();
    let waiting = this.open ? this.ledger.waiting : [];
    for (let way = this.#way(); way && waiting.length > 0; way = this.#way()) {
      const pause = way.bufferedAmount > MOST_BUFFERED ? BUFFERED_PAUSE_MS : this.#pace.pause;
      if (pause > 0) {
        this.#timer = setTimeout(this.#carry, pause);
        return;
      }
      const { updates, edits } = nextPiece(waiting);
      for (const update of updates) way.send(wire.update(update));
      this.#pace.spend(updates.length);
      this.ledger.carried(edits, updates.length);
      waiting = waiting.slice(edits.length);
    }
  };
}
