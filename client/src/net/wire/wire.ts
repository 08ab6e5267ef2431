/** The wire format of y-websocket (y-protocols sync and awareness), and what our server adds. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

const SYNC = 0;
const AWARENESS = 1;
const ACK = 121;
const STANDING = 122;
const NOTICE = 123;
const SYNC_STEP_1 = 0;
const SYNC_STEP_2 = 1;
const UPDATE = 2;

export type Message =
  | { readonly kind: 'syncStep1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'syncStep2' | 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  /** The first `count` sync messages of this connection are durable. */
  | { readonly kind: 'ack'; readonly count: number }
  /** Whether edits are taken from now on; `number`: the message that was not, 0 for none. */
  | {
      readonly kind: 'standing';
      readonly takes: boolean;
      readonly number: number;
      readonly reason: string;
    }
  /** An edit was taken in and put right in the same commit. */
  /** `earlier`: it is of an earlier connection, perhaps of another device of the same person. */
  | { readonly kind: 'notice'; readonly notice: Notice; readonly earlier: boolean }
  /** Something newer than this client: skipped. */
  | { readonly kind: 'unknown' };

/** What the server put right of what somebody wrote; the same `id` may come again. */
export interface Notice {
  readonly id: string;
  /** Which rule, as a slug for a sentence. */
  readonly code: string;
  /** What could not stay. */
  readonly texts: readonly string[];
  /** Of how many things. */
  readonly count: number;
  /** Of notes that somebody deleted, for who leads. */
  readonly deleted?: Deleted;
  /** What was deleted, where it can be brought back. */
  readonly item?: Item;
}

/** Whose doing it was, where, and when (ms since 1970). */
export interface Deleted {
  readonly person: string;
  readonly board: string;
  readonly from: number;
  readonly until: number;
}

/** Something of a board that is deleted by a mark. */
export interface Item {
  readonly kind: 'note' | 'theme' | 'experiment';
  readonly id: string;
}

/** Bytes as a socket takes them. */
export type Frame = Uint8Array<ArrayBuffer>;

/** Decode one frame. Throws on a frame that is cut short. */
export function decode(frame: Uint8Array): Message {
  const decoder = decoding.createDecoder(frame);
  const type = decoding.readVarUint(decoder);
  if (type === SYNC) return decodeSync(decoder);
  if (type === AWARENESS) return { kind: 'awareness', update: bytes(decoder) };
  if (type === ACK) return { kind: 'ack', count: decoding.readVarUint(decoder) };
  if (type === STANDING) return decodeStanding(decoder);
  if (type === NOTICE) return decodeNotice(decoder);
  return { kind: 'unknown' };
}

/** A notice as the server spells it, here or in an answer by HTTP; null when it is none. */
export function readNotice(value: unknown): Notice | null {
  const { id, code, texts, count } = (value ?? {}) as Partial<Record<keyof Notice, unknown>>;
  if (typeof id !== 'string' || typeof code !== 'string') return null;
  const words = Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [];
  const deleted = readDeleted(value);
  const notice = { id, code, texts: words, count: typeof count === 'number' ? count : 1 };
  return deleted ? { ...notice, deleted } : notice;
}

function readDeleted(value: unknown): Deleted | null {
  const { person, board, from, until } = value as Partial<Record<keyof Deleted, unknown>>;
  if (typeof person !== 'string' || typeof board !== 'string') return null;
  if (typeof from !== 'number' || typeof until !== 'number') return null;
  return { person, board, from, until };
}

export function syncStep1(stateVector: Uint8Array): Frame {
  return frameOf(SYNC, SYNC_STEP_1, stateVector);
}

export function syncStep2(update: Uint8Array): Frame {
  return frameOf(SYNC, SYNC_STEP_2, update);
}

export function update(update: Uint8Array): Frame {
  return frameOf(SYNC, UPDATE, update);
}

export function awareness(update: Uint8Array): Frame {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, AWARENESS);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder) as Frame;
}

function decodeStanding(decoder: decoding.Decoder): Message {
  const takes = decoding.readVarUint(decoder) === 1;
  const number = decoding.readVarUint(decoder);
  return { kind: 'standing', takes, number, reason: decoding.readVarString(decoder) };
}

function decodeNotice(decoder: decoding.Decoder): Message {
  const earlier = decoding.readVarUint(decoder) === 0;
  const notice = readNotice(parsed(decoding.readVarString(decoder)));
  return notice ? { kind: 'notice', notice, earlier } : { kind: 'unknown' };
}

/**
 * Whether it is news on this device, where `unsaved` edits wait. What was put right of an earlier
 * connection was written elsewhere if nothing waits here; but words that could not stay are shown
 * wherever their author is, and to who leads what was deleted.
 */
export function isNewsHere({ notice, earlier }: Message & { kind: 'notice' }, unsaved: number) {
  return !earlier || unsaved > 0 || notice.texts.length > 0 || notice.deleted !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function decodeSync(decoder: decoding.Decoder): Message {
  const step = decoding.readVarUint(decoder);
  if (step === SYNC_STEP_1) return { kind: 'syncStep1', stateVector: bytes(decoder) };
  if (step === SYNC_STEP_2) return { kind: 'syncStep2', update: bytes(decoder) };
  if (step === UPDATE) return { kind: 'update', update: bytes(decoder) };
  return { kind: 'unknown' };
}

function bytes(decoder: decoding.Decoder): Uint8Array {
  return decoding.readVarUint8Array(decoder);
}

function frameOf(type: number, step: number, payload: Uint8Array): Frame {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder) as Frame;
}
