/** The wire format of y-websocket (y-protocols sync and awareness), and our acknowledgement. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

const SYNC = 0;
const AWARENESS = 1;
const ACK = 121;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

export type Message =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'step2' | 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  /** The first `count` sync messages of this connection are durable. */
  | { readonly kind: 'ack'; readonly count: number }
  /** Something newer than this client: skipped. */
  | { readonly kind: 'unknown' };

/** Bytes as a socket takes them. */
export type Frame = Uint8Array<ArrayBuffer>;

/** Decode one frame. Throws on a frame that is cut short. */
export function decode(frame: Uint8Array): Message {
  const decoder = decoding.createDecoder(frame);
  const type = decoding.readVarUint(decoder);
  if (type === SYNC) return decodeSync(decoder);
  if (type === AWARENESS) return { kind: 'awareness', update: bytes(decoder) };
  if (type === ACK) return { kind: 'ack', count: decoding.readVarUint(decoder) };
  return { kind: 'unknown' };
}

export function step1(stateVector: Uint8Array): Frame {
  return frameOf(SYNC, STEP_1, stateVector);
}

export function step2(update: Uint8Array): Frame {
  return frameOf(SYNC, STEP_2, update);
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

function decodeSync(decoder: decoding.Decoder): Message {
  const step = decoding.readVarUint(decoder);
  if (step === STEP_1) return { kind: 'step1', stateVector: bytes(decoder) };
  if (step === STEP_2) return { kind: 'step2', update: bytes(decoder) };
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
