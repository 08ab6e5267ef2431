/** Frames that server and browser share (rule WR6): tests/server/sync/wire/test_messages.py. */
import { describe, expect, it } from 'vitest';
import frames from '../../../../../tests/vectors/frames.json';
import * as wire from '../wire';

function read(hex: string): wire.Message {
  return wire.decode(Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
}

describe('what the server says beside y-websocket', () => {
  it.each(frames.acks)('ack $count', ({ frame, count }) => {
    expect(read(frame)).toEqual({ kind: 'ack', count });
  });

  it.each(frames.standings)('$takes, message $number, "$reason"', ({ frame, ...told }) => {
    expect(read(frame)).toEqual({ kind: 'standing', ...told });
  });

  it.each(frames.notices)('$told.code', ({ frame, message, told: { id, code, texts, count } }) => {
    const [notice, earlier] = [{ id, code, texts, count }, message === 0];
    expect(read(frame)).toEqual({ kind: 'notice', notice, earlier });
  });

  it('is no news on a device where nothing of it was written, but for words', () => {
    const told = { id: 'n', code: 'too-many-dots', texts: [], count: 1 };
    const deleted = { person: 'p', board: 'b', from: 1, until: 2 };
    const isNews = (more: Partial<wire.Notice>, earlier: boolean, unsaved: number) =>
      wire.isNewsHere({ kind: 'notice', notice: { ...told, ...more }, earlier }, unsaved);
    expect(isNews({}, true, 0)).toBe(false);
    expect(isNews({}, true, 1)).toBe(true);
    expect(isNews({}, false, 0)).toBe(true);
    expect(isNews({ texts: ['a'] }, true, 0)).toBe(true);
    expect(isNews({ deleted }, true, 0)).toBe(true);
  });
});

it('reads whose doing a deletion was, if all of it is told', () => {
  const whose = { person: 'p', board: 'b', from: 1, until: 2 };
  const told = { id: 'i', code: 'notes-deleted', texts: [], count: 7 };
  expect(wire.readNotice({ ...told, rule: 'DN2', ...whose })).toEqual({ ...told, deleted: whose });
  expect(wire.readNotice({ ...told, ...whose, from: '1' })).toEqual(told);
});
