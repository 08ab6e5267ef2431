/** Cuts what waits into updates that the server takes, however long somebody was offline. */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Edit } from './ledger';

/** Far below what the server takes of one live update (docs/protocol.md, IN3). */
const MOST = { bytes: 32 << 10, structs: 600, clients: 2, deletes: 4_000 } as const;
/** Far below what it takes of one SyncStep2; that holds every deletion of the board as well. */
const MOST_OF_ANSWER = { bytes: 128 << 10, structs: 3_000, clients: 16, deletes: 40_000 } as const;
/** No update of so few bytes holds more structs or deletions than one may. */
const SMALL_BYTES = 1_200;

/** No edit at all. */
export const NOTHING: Uint8Array = new Uint8Array([0, 0]);

export interface Piece {
  /** To be sent in this order. */
  readonly updates: readonly Uint8Array[];
  /** The edits that these hold whole. */
  readonly edits: readonly Edit[];
}

interface Size {
  readonly bytes: number;
  readonly structs: number;
  readonly clients: ReadonlySet<number>;
  readonly deletes: number;
}

type Decoded = ReturnType<typeof Y.decodeUpdate>;
type Struct = Decoded['structs'][number];

/** True when an update may be sent as the answer to the server's question. */
export function fitsAnswer(update: Uint8Array): boolean {
  return update.length <= MOST_OF_ANSWER.bytes && fits(sizeOf(update), MOST_OF_ANSWER);
}

/** As many of the first edits as one update holds; an edit that is too large alone, in parts. */
export function nextPiece(edits: readonly Edit[]): Piece {
  const taken: Edit[] = [];
  let total: Size = { bytes: 0, structs: 0, clients: new Set(), deletes: 0 };
  for (const edit of edits) {
    total = sum(total, sizeOf(edit.update));
    if (taken.length > 0 && !fits(total, MOST)) break;
    taken.push(edit);
  }
  const [first] = taken;
  if (taken.length === 1 && first) return { updates: parts(first.update), edits: taken };
  return { updates: [merged(taken.map(({ update }) => update))], edits: taken };
}

/** Many updates as one; by halves, as Yjs takes time with the square of their number. */
export function merged(updates: readonly Uint8Array[]): Uint8Array {
  if (updates.length <= 8) return Y.mergeUpdates([...updates]);
  const half = updates.length >> 1;
  return Y.mergeUpdates([merged(updates.slice(0, half)), merged(updates.slice(half))]);
}

/** An update in parts that are small enough, each of which can stand with those before it. */
export function parts(update: Uint8Array): Uint8Array[] {
  if (update.length <= SMALL_BYTES || fits(sizeOf(update), MOST)) return [update];
  const { structs, ds } = Y.decodeUpdate(update);
  const cut = [...chunksOf(structs)].map((chunk) => encode(chunk, []));
  return [...cut, ...deletionsOf(ds).map((ranges) => encode([], ranges))];
}

function sizeOf(update: Uint8Array): Size {
  const { structs, ds } = Y.decodeUpdate(update);
  const clients = new Set(structs.map(({ id }) => id.client));
  const deletes = [...ds.clients.values()].reduce((n, ranges) => n + ranges.length, 0);
  return { bytes: update.length, structs: structs.length, clients, deletes };
}

function sum(a: Size, b: Size): Size {
  return {
    bytes: a.bytes + b.bytes,
    structs: a.structs + b.structs,
    clients: new Set([...a.clients, ...b.clients]),
    deletes: a.deletes + b.deletes,
  };
}

function fits(size: Size, most: Record<keyof Size, number>): boolean {
  const { bytes, structs, clients, deletes } = size;
  const few = structs <= most.structs && clients.size <= most.clients;
  return few && bytes <= most.bytes && deletes <= most.deletes;
}

/**
 * Runs of structs, cut only in front of one that builds on nothing in its run: a note is never
 * parted from its text.
 */
function* chunksOf(structs: readonly Struct[]): Generator<Struct[]> {
  let chunk: Struct[] = [];
  let bytes = 0;
  for (const struct of structs) {
    const size = weightOf(struct);
    const full = chunk.length >= MOST.structs || bytes + size > MOST.bytes;
    const other = chunk.length > 0 && chunk[0]?.id.client !== struct.id.client;
    if (chunk.length > 0 && (other || (full && !buildsOn(struct, chunk)))) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(struct);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

function buildsOn(struct: Struct, chunk: readonly Struct[]): boolean {
  const start = chunk[0]?.id;
  if (!start || !(struct instanceof Y.Item)) return false;
  const { origin, rightOrigin, parent } = struct as Y.Item & { parent: unknown };
  const anchors = [origin, rightOrigin, parent instanceof Y.ID ? parent : null];
  return anchors.some((id) => id?.client === start.client && id.clock >= start.clock);
}

/** About how many bytes it takes. */
function weightOf(struct: Struct): number {
  const content = struct instanceof Y.Item ? struct.content : null;
  return 24 + (content instanceof Y.ContentString ? content.str.length * 2 : 0);
}

interface Range {
  readonly client: number;
  readonly clock: number;
  readonly len: number;
}

function deletionsOf(ds: Decoded['ds']): Range[][] {
  const all = [...ds.clients].flatMap(([client, ranges]) =>
    ranges.map(({ clock, len }) => ({ client, clock, len })),
  );
  const found: Range[][] = [];
  for (let at = 0; at < all.length; at += 2_000) found.push(all.slice(at, at + 2_000));
  return found;
}

/** Update format V1 of Yjs: structs of one client, and deletions (yjs/src/utils/encoding.js). */
function encode(structs: readonly Struct[], ranges: readonly Range[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, structs.length > 0 ? 1 : 0);
  const [first] = structs;
  if (first) {
    encoding.writeVarUint(encoder.restEncoder, structs.length);
    encoder.writeClient(first.id.client);
    encoding.writeVarUint(encoder.restEncoder, first.id.clock);
    for (const struct of structs) struct.write(encoder, 0);
  }
  writeDeletions(encoder.restEncoder, ranges);
  return encoder.toUint8Array();
}

function writeDeletions(encoder: encoding.Encoder, ranges: readonly Range[]): void {
  const byClient = new Map<number, Range[]>();
  for (const range of ranges) {
    const own = byClient.get(range.client);
    if (own) own.push(range);
    else byClient.set(range.client, [range]);
  }
  encoding.writeVarUint(encoder, byClient.size);
  for (const [client, own] of byClient) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, own.length);
    for (const { clock, len } of own) {
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint(encoder, len);
    }
  }
}
