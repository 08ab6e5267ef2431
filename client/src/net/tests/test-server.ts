/** A server to test against: one board over real sockets, with the frames of docs/protocol.md. */
import * as encoding from 'lib0/encoding';
import type { WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import * as wire from '../wire/wire';

/** A server on one document, as far as a provider meets it: acks, standing, sync steps. */
export class TestServer {
  readonly doc = new Y.Doc();
  /** Whether edits are taken; `set` tells everybody who is connected. */
  open = true;
  /** Close codes for the next messages with edits, in turn. */
  refuseWith: number | null = null;
  /** Sizes of the updates that arrived. */
  readonly sizes: number[] = [];
  connections = 0;
  readonly #server: WebSocketServer;
  readonly #counts = new Map<WebSocket, number>();

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => this.#welcome(socket));
  }

  /** A server that listens; `Server` is that of the package ws. */
  static start(Server: typeof WebSocketServer): Promise<TestServer> {
    const server = new Server({ port: 0, host: '127.0.0.1' });
    return new Promise((done) => server.on('listening', () => done(new TestServer(server))));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/`;
  }

  set(open: boolean): void {
    this.open = open;
    for (const socket of this.#server.clients) socket.send(standing(open, 0));
  }

  send(frame: Uint8Array): void {
    for (const socket of this.#server.clients) socket.send(frame);
  }

  /** Cut every connection, as a network does. */
  cut(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  stop(): Promise<void> {
    this.cut();
    return new Promise((done) => this.#server.close(() => done()));
  }

  #welcome(socket: WebSocket): void {
    this.connections += 1;
    this.#counts.set(socket, 0);
    socket.on('message', (data: Buffer) => this.#hear(socket, new Uint8Array(data)));
  }

  #hear(socket: WebSocket, frame: Uint8Array): void {
    const message = wire.decode(frame);
    if (message.kind === 'awareness' || message.kind === 'unknown') return;
    const count = (this.#counts.get(socket) ?? 0) + 1;
    this.#counts.set(socket, count);
    if (message.kind === 'syncStep1') this.#join(socket, message.stateVector);
    else if (message.kind === 'syncStep2' || message.kind === 'update') {
      if (!this.#take(socket, message.update, count)) return;
    }
    socket.send(numbers(121, count));
  }

  #join(socket: WebSocket, stateVector: Uint8Array): void {
    socket.send(standing(this.open, 0));
    socket.send(wire.syncStep2(Y.encodeStateAsUpdate(this.doc, stateVector)));
    socket.send(wire.syncStep1(Y.encodeStateVector(this.doc)));
  }

  /** False when the connection ended over it. */
  #take(socket: WebSocket, update: Uint8Array, count: number): boolean {
    if (update.length <= 2) return true;
    if (this.refuseWith !== null) {
      socket.close(this.refuseWith);
      this.refuseWith = null;
      return false;
    }
    this.sizes.push(update.length);
    if (!this.open) {
      socket.send(standing(false, count));
      return true;
    }
    Y.applyUpdate(this.doc, update);
    return true;
  }
}

function standing(takes: boolean, number: number): Uint8Array {
  return encoding.encode((encoder) => {
    for (const each of [122, takes ? 1 : 0, number]) encoding.writeVarUint(encoder, each);
    encoding.writeVarString(encoder, takes ? '' : 'read-only');
  });
}

function numbers(...all: number[]): Uint8Array {
  return encoding.encode((encoder) => all.forEach((n) => encoding.writeVarUint(encoder, n)));
}
