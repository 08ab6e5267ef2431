/** Keeps one document in step with the server; says truthfully what of one's own work is saved. */
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import * as Y from 'yjs';
import { aboutOf } from './about';
import { blockade } from './blockade';
import { Carrier } from './carrier';
import type { Edit } from './wire/ledger';
import type { Outbox } from './outbox/outbox';
import { blamesEdits, isStale, onClose, type Stage } from './reconnect';
import { statusOf, type SyncStatus } from './status';
import * as wire from './wire/wire';

export type { SyncStatus } from './status';

export interface ProviderOptions {
  readonly board: string;
  readonly doc: Y.Doc;
  readonly awareness?: Awareness | undefined;
  /** Lineage of the copy we bring; a board that was replaced refuses it with 4409. */
  readonly lineage?: string | undefined;
  /** For programs; browsers sign in by cookie. */
  readonly token?: string | undefined;
  /** Where own edits wait for their acknowledgement; none for documents that are only read. */
  readonly outbox?: Outbox | undefined;
  /** The server put right what was written here; the same notice may come again. */
  readonly onNotice?: ((notice: wire.Notice) => void) | undefined;
}

export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

const FROM_OUTBOX = 'outbox';
const UNPACK_DEADLINE_MS = 600;
const WATCH_MS = 2_000;
/** On waking, a socket that has been silent for longer than a keepalive is not trusted. */
const WAKE_SILENCE_MS = 14_000;
const LINGER_MS = 5_000;
const NO_CODE = 1006;
/** Edits that leave a gap so often in a row will leave one for ever. */
const MOST_GAPS = 3;
const GAP = 4509;

/** The connection of one document to the server: it comes back by itself, and loses no edit. */
export class Provider {
  readonly doc: Y.Doc;
  readonly awareness: Awareness | null;
  /** Why the server said no for good, once it did. */
  refused: Refusal | null = null;
  /** The whole board has arrived at least once. */
  loaded = false;

  readonly #options: ProviderOptions;
  readonly #carrier: Carrier;
  readonly #listeners = new Set<() => void>();
  #socket: WebSocket | null = null;
  #wanted = false;
  #destroyed = false;
  #ready: Promise<void> | null = null;
  /** Anything came through this socket; the board did; the server's question. */
  #greeted = false;
  #received = false;
  #answered = false;
  #attempt = 0;
  #gaps = 0;
  #made = 0;
  #lastHeard = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #watch: ReturnType<typeof setInterval> | null = null;

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.doc = options.doc;
    this.awareness = options.awareness ?? null;
    this.#carrier = new Carrier(
      this.doc,
      () => this.#way(),
      (told) => options.onNotice?.(told),
    );
    this.doc.on('update', this.#onUpdate);
    this.awareness?.on('update', this.#onAwareness);
    if (options.outbox) options.outbox.onKept = () => this.#tell();
  }

  get status(): SyncStatus {
    return statusOf({
      refused: this.refused !== null,
      socket: socketState(this.#socket),
      synced: this.#received && this.#answered,
      attempt: this.#attempt,
      unsaved: this.unsaved,
      open: this.#carrier.open,
    });
  }

  /** Own edits the server has not yet called durable. */
  get unsaved(): number {
    return this.#carrier.ledger.unsaved;
  }

  /** How many notes and other things these change. */
  get changes(): number {
    return this.#carrier.ledger.changes;
  }

  /** Under which keys the outbox has them. */
  get keys(): readonly string[] {
    return this.#carrier.ledger.keys;
  }

  /** Why the server does not take edits for now: "read-only" or "full"; null while it does. */
  get closedBy(): string | null {
    return this.#carrier.open ? null : this.#carrier.reason;
  }

  /** Own edits that are not saved are on this device's disk: they outlive the tab. */
  get kept(): boolean {
    return this.unsaved === 0 || (this.#options.outbox?.kept ?? false);
  }

  /** `listener` hears of every change of status, unsaved, kept, refused and loaded. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connect, and connect again whenever the connection is lost. */
  connect(): void {
    if (this.#destroyed || this.#wanted) return;
    this.#wanted = true;
    this.refused = null;
    addEventListener('online', this.#wake);
    addEventListener('pageshow', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    this.#watch = setInterval(this.#check, WATCH_MS);
    // What waits in the outbox has to be in the document before the server asks for it.
    this.#ready ??= this.#unpack();
    void this.#ready.then(() => this.#open());
    this.#tell();
  }

  disconnect(): void {
    this.#wanted = false;
    removeEventListener('online', this.#wake);
    removeEventListener('pageshow', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
    if (this.#watch) clearInterval(this.#watch);
    if (this.#retry) clearTimeout(this.#retry);
    this.#watch = this.#retry = null;
    this.#drop();
    blockade.leaves(this.#hurry);
    this.#tell();
  }

  /** Leave for good; edits on their way get a moment to arrive. The document is destroyed too. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.awareness?.setLocalState(null);
    this.#listeners.clear();
    this.doc.off('update', this.#onUpdate);
    if (!this.#carrier.isOnTheWay) return this.#end();
    const deadline = setTimeout(() => this.#end(), LINGER_MS);
    this.#listeners.add(() => {
      if (this.#carrier.isOnTheWay && this.#socket) return;
      clearTimeout(deadline);
      this.#end();
    });
  }

  #end(): void {
    this.#listeners.clear();
    this.disconnect();
    this.#carrier.destroy();
    this.#options.outbox?.close();
    this.awareness?.off('update', this.#onAwareness);
    this.awareness?.destroy();
    this.doc.destroy();
  }

  /** A slow or blocked database must not keep anybody from the board: what it holds may come late. */
  #unpack(): Promise<void> {
    const { outbox } = this.#options;
    if (!outbox) return Promise.resolve();
    const deadline = new Promise<void>((done) => setTimeout(done, UNPACK_DEADLINE_MS));
    return Promise.race([outbox.load().then((edits) => edits.forEach(this.#bringBack)), deadline]);
  }

  readonly #bringBack = (edit: Edit): void => {
    try {
      Y.applyUpdate(this.doc, edit.update, FROM_OUTBOX);
    } catch {
      this.#options.outbox?.suspect([edit]);
      return;
    }
    this.#carrier.wrote(edit);
  };

  #open(): void {
    if (!this.#wanted || this.#socket) return;
    this.#retry = null;
    const socket = new WebSocket(this.#url());
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.#read(new Uint8Array(data));
    socket.onclose = ({ code, reason }) => this.#lose(code, reason);
    this.#socket = socket;
    this.#lastHeard = Date.now();
    this.#greeted = this.#received = this.#answered = false;
    blockade.tries(this.#hurry);
    this.#tell();
  }

  #url(): string {
    const { board, lineage, token } = this.#options;
    const url = new URL(`/sync/${encodeURIComponent(board)}`, location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.hash = '';
    url.searchParams.set('ack', '1');
    if (lineage) url.searchParams.set('lineage', lineage);
    if (token) url.searchParams.set('token', token);
    return url.href;
  }

  #greet(socket: WebSocket): void {
    socket.send(wire.syncStep1(Y.encodeStateVector(this.doc)));
    this.#carrier.greeted();
    // A new clock, or those who saw us leave would take the old one for an echo.
    const state = this.awareness?.getLocalState() ?? null;
    if (state !== null) this.awareness?.setLocalState(state);
    this.#tell();
  }

  #read(frame: Uint8Array): void {
    this.#lastHeard = Date.now();
    this.#greeted = true;
    blockade.passed();
    const message = wire.decode(frame);
    if (message.kind === 'syncStep1') this.#answer(message.stateVector);
    else if (message.kind === 'syncStep2') this.#receive(message.update);
    else if (message.kind === 'update') Y.applyUpdate(this.doc, message.update, this);
    else if (message.kind === 'ack') this.#save(message.count);
    else if (message.kind === 'standing') this.#carrier.stand(message);
    else if (message.kind === 'notice') {
      if (wire.isNewsHere(message, this.unsaved)) this.#options.onNotice?.(message.notice);
    } else if (message.kind === 'awareness' && this.awareness) {
      applyAwarenessUpdate(this.awareness, message.update, this);
    }
    if (message.kind === 'standing') this.#tell();
  }

  #answer(stateVector: Uint8Array): void {
    this.#answered = true;
    this.#carrier.answer(stateVector);
    this.#settle();
  }

  #receive(update: Uint8Array): void {
    this.#carrier.comeBackTo(update, this);
    this.#received = true;
    this.#settle();
  }

  #settle(): void {
    // The server's question comes last: before it there may be an old state, without what followed.
    if (this.#received && this.#answered) {
      this.loaded = true;
      this.#attempt = 0;
    }
    this.#tell();
  }

  #save(count: number): void {
    const saved = this.#carrier.ledger.acked(count);
    if (saved.length === 0) return;
    this.#gaps = 0;
    this.#options.outbox?.remove(saved);
    this.#tell();
  }

  readonly #onUpdate = (
    update: Uint8Array,
    _origin: unknown,
    _doc: Y.Doc,
    transaction: Y.Transaction,
  ): void => {
    if (!transaction.local) return;
    const about = aboutOf(transaction);
    this.#made += 1;
    const key = this.#options.outbox?.put(update, about) ?? String(this.#made);
    this.#carrier.wrote({ key, update, about });
    this.#tell();
  };

  readonly #onAwareness = (
    changes: { added: number[]; updated: number[]; removed: number[] },
    origin: unknown,
  ): void => {
    const { awareness } = this;
    if (!awareness || origin === this) return;
    const changed = [...changes.added, ...changes.updated, ...changes.removed];
    if (!changed.includes(awareness.clientID)) return;
    this.#send(wire.awareness(encodeAwarenessUpdate(awareness, [awareness.clientID])));
  };

  #send(frame: wire.Frame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** Where edits may go; before our answer to the server's question they would leave a gap. */
  #way(): WebSocket | null {
    return this.#answered && this.#socket?.readyState === WebSocket.OPEN ? this.#socket : null;
  }

  /** The connection is gone: stop, or try again later. */
  #lose(code: number, reason: string): void {
    this.#drop();
    if (!this.#wanted) return;
    if (code === GAP) this.#gaps += 1;
    const isStuck = this.#gaps >= MOST_GAPS && this.unsaved > 0;
    const verdict = isStuck
      ? ({ kind: 'stop', code } as const)
      : onClose(code, this.#attempt, Math.random(), reason);
    if (verdict.kind === 'retry') {
      this.#attempt += 1;
      this.#retry = setTimeout(() => this.#open(), verdict.after);
    } else {
      this.#part(isStuck || blamesEdits(code));
      this.refused = { code, reason };
      this.disconnect();
    }
    this.#tell();
  }

  /** This document is of no more use: the courier brings what is left, or sets it aside. */
  #part(blamed: boolean): void {
    const { ledger } = this.#carrier;
    if (blamed) this.#options.outbox?.suspect(ledger.edits);
    if (this.#options.outbox) ledger.clear();
  }

  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    this.#received = this.#answered = false;
    blockade.ended(this.#hurry);
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    if (!this.awareness) return;
    const others = [...this.awareness.getStates().keys()].filter(
      (client) => client !== this.awareness?.clientID,
    );
    removeAwarenessStates(this.awareness, others, this);
  }

  get #stage(): Stage {
    if (socketState(this.#socket) !== 'open') return 'opening';
    if (this.#received && this.#answered) return 'synced';
    return this.#greeted ? 'loading' : 'greeting';
  }

  readonly #check = (): void => {
    const silence = Date.now() - this.#lastHeard;
    const { waits } = this.#carrier.ledger;
    if (this.#socket && isStale(silence, this.#stage, waits)) this.#lose(NO_CODE, 'silent');
  };

  /** The network or the tab is back: do not sit out the pause. */
  readonly #wake = (event: Event): void => {
    if (document.hidden || !this.#wanted) return;
    const silent = Date.now() - this.#lastHeard > WAKE_SILENCE_MS;
    // What began to open over the network before may never hear an answer.
    const stranded = event.type === 'online' && socketState(this.#socket) === 'connecting';
    if (this.#socket && (silent || stranded)) this.#drop();
    this.#hurry();
  };

  readonly #hurry = (): void => {
    if (!this.#wanted || this.#socket || !this.#ready) return;
    if (this.#retry) clearTimeout(this.#retry);
    void this.#ready.then(() => this.#open());
  };

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function socketState(socket: WebSocket | null): 'closed' | 'connecting' | 'open' {
  if (!socket) return 'closed';
  return socket.readyState === WebSocket.OPEN ? 'open' : 'connecting';
}
