import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import vectors from '../../../../tests/vectors/wire.json';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Ledger, type Edit } from '../wire/ledger';
import { NOTHING } from '../wire/pieces';
import { Presence } from '../presence';
import { isStale, onClose } from '../reconnect';
import { statusOf } from '../status';
import { Throttle } from '../throttle';
import * as wire from '../wire/wire';

describe('after a close', () => {
  it.each([4400, 4401, 4403, 4404, 4409, 4413, 4422, 4499])('stops on %i', (code) => {
    expect(onClose(code, 0, 0.5)).toEqual({ kind: 'stop', code });
  });

  it.each([1000, 1001, 1006, 1012, 1013, 4399, 4500, 4503, 4599])(
    'tries again after %i',
    (code) => {
      expect(onClose(code, 0, 0.5).kind).toBe('retry');
    },
  );

  it('waits longer with each failure, never more than 15 s, and not all at the same time', () => {
    const pause = (attempt: number, dice: number) => {
      const verdict = onClose(1006, attempt, dice);
      return verdict.kind === 'retry' ? verdict.after : NaN;
    };
    expect(pause(0, 0)).toBe(200);
    expect(pause(3, 0.5)).toBeGreaterThan(pause(2, 0.5));
    expect(pause(60, 0.999)).toBeLessThanOrEqual(15_000);
    expect(pause(4, 0.9)).not.toBe(pause(4, 0.1));
  });

  it('comes back at once when rights changed, but not in a loop', () => {
    expect(onClose(4510, 0, 0.999)).toMatchObject({ kind: 'retry' });
    const [first, fourth] = [onClose(4510, 0, 1), onClose(4510, 4, 1)];
    if (first.kind !== 'retry' || fourth.kind !== 'retry') throw new Error('expected retries');
    expect(first.after).toBeLessThanOrEqual(250);
    expect(fourth.after).toBeGreaterThan(2_000);
  });

  it('comes back within the time that a server which ends has told, if it is one', () => {
    expect(onClose(1012, 0, 0.5, '600')).toEqual({ kind: 'retry', after: 300 });
    expect(onClose(1012, 0, 1, '999999')).toEqual({ kind: 'retry', after: 10_000 });
    for (const reason of ['', '-5', '1e9', '99999999', 'soon'])
      expect(onClose(1012, 0, 0, reason)).toEqual({ kind: 'retry', after: 200 });
    expect(onClose(1012, 3, 0, '600')).toEqual(onClose(1006, 3, 0));
    expect(onClose(1006, 0, 0, '600')).toEqual({ kind: 'retry', after: 200 });
  });

  it('takes a silent socket for dead, sooner while an edit waits', () => {
    expect(isStale(11_000, 'synced', false)).toBe(false);
    expect(isStale(11_000, 'synced', true)).toBe(true);
    expect(isStale(31_000, 'synced', false)).toBe(true);
  });

  it('gives up a socket that does not open, in time to say so within 10 s', () => {
    expect(isStale(5_000, 'opening', false)).toBe(false);
    expect(isStale(7_000, 'opening', false)).toBe(true);
  });

  it('waits for a large board on a slow line, but not long for the first word', () => {
    expect(isStale(45_000, 'loading', true)).toBe(false);
    expect(isStale(91_000, 'loading', false)).toBe(true);
    expect(isStale(16_000, 'greeting', false)).toBe(true);
  });
});

describe('ledger', () => {
  const edit = (key: string, about = [key]): Edit => ({ key, about, update: NOTHING });
  const [a, b, c] = [edit('a'), edit('b'), edit('c')];

  it('calls an edit saved only when the message that carried it is durable', () => {
    const ledger = new Ledger();
    ledger.connected();
    ledger.sent();
    ledger.sent();
    ledger.wrote(a);
    ledger.carried(ledger.waiting);
    expect(ledger.acked(2)).toEqual([]);
    expect(ledger.unsaved).toBe(1);
    expect(ledger.acked(3)).toEqual(['a']);
    expect(ledger.unsaved).toBe(0);
  });

  it('counts from the start on a new connection and lets one answer carry what waited', () => {
    const ledger = new Ledger();
    ledger.connected();
    ledger.sent();
    ledger.wrote(a);
    ledger.carried([a]);
    ledger.connected();
    ledger.wrote(b);
    expect(ledger.waits).toBe(false);
    ledger.sent();
    expect(ledger.acked(1)).toEqual([]);
    ledger.carried(ledger.waiting);
    expect(ledger.acked(2)).toEqual(['a', 'b']);
  });

  it('lets wait again what a message carried that was not taken, whatever is acknowledged later', () => {
    const ledger = new Ledger();
    ledger.connected();
    for (const each of [a, b, c]) {
      ledger.wrote(each);
      ledger.carried([each]);
    }
    ledger.returned(2);
    expect(ledger.waiting).toEqual([b]);
    expect(ledger.acked(3)).toEqual(['a', 'c']);
    ledger.carried(ledger.waiting);
    expect(ledger.acked(4)).toEqual(['b']);
  });

  it('calls an edit in parts saved with the last of them, and returns it with any', () => {
    const ledger = new Ledger();
    ledger.connected();
    ledger.wrote(a);
    ledger.carried([a], 3);
    expect(ledger.acked(2)).toEqual([]);
    ledger.returned(1);
    expect(ledger.acked(3)).toEqual([]);
    ledger.carried([a], 3);
    expect(ledger.acked(6)).toEqual(['a']);
  });

  it('counts things, not keystrokes', () => {
    const ledger = new Ledger();
    ledger.wrote(edit('1', ['note']));
    ledger.wrote(edit('2', ['note']));
    ledger.wrote(edit('3', ['note', 'other']));
    ledger.wrote(edit('4', []));
    expect([ledger.unsaved, ledger.changes]).toEqual([4, 3]);
  });
});

describe('status', () => {
  const open = {
    refused: false,
    socket: 'open',
    synced: true,
    attempt: 0,
    unsaved: 0,
    open: true,
  } as const;

  it.each([
    ['saved', open],
    ['sending', { ...open, unsaved: 1 }],
    ['held', { ...open, unsaved: 1, open: false }],
    ['saved', { ...open, open: false }],
    ['syncing', { ...open, synced: false, unsaved: 1 }],
    ['connecting', { ...open, socket: 'connecting' }],
    ['offline', { ...open, socket: 'connecting', attempt: 1 }],
    ['offline', { ...open, socket: 'closed', attempt: 2 }],
    ['refused', { ...open, refused: true }],
  ] as const)('is %s', (status, state) => {
    expect(statusOf(state)).toBe(status);
  });
});

describe('wire', () => {
  it('reads what it writes', () => {
    const payload = new Uint8Array([1, 2, 3]);
    expect(wire.decode(wire.syncStep1(payload))).toEqual({
      kind: 'syncStep1',
      stateVector: payload,
    });
    expect(wire.decode(wire.syncStep2(payload))).toEqual({ kind: 'syncStep2', update: payload });
    expect(wire.decode(wire.update(payload))).toEqual({ kind: 'update', update: payload });
    expect(wire.decode(wire.awareness(payload))).toEqual({ kind: 'awareness', update: payload });
  });

  it('writes the frames that the server is tested with, byte for byte', () => {
    const bytes = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const first = wire.decode(bytes(vectors.step1));
    const second = wire.decode(bytes(vectors.step2));
    if (first.kind !== 'syncStep1' || second.kind !== 'syncStep2')
      throw new Error('expected sync steps');
    expect(wire.syncStep1(first.stateVector)).toEqual(bytes(vectors.step1));
    expect(wire.syncStep2(second.update)).toEqual(bytes(vectors.step2));
  });

  it('reads whether edits are taken, and what was put right', () => {
    const frame = (type: number, write: (encoder: encoding.Encoder) => void) =>
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, type);
        write(encoder);
      });
    const standing = frame(122, (encoder) => {
      for (const number of [0, 300]) encoding.writeVarUint(encoder, number);
      encoding.writeVarString(encoder, 'read-only');
    });
    expect(wire.decode(standing)).toEqual({
      kind: 'standing',
      takes: false,
      number: 300,
      reason: 'read-only',
    });
    const notice = (json: string) =>
      frame(123, (encoder) => {
        encoding.writeVarUint(encoder, 7);
        encoding.writeVarString(encoder, json);
      });
    const read = { id: 'x', code: 'text-too-long', texts: ['å'], count: 1 };
    const told = { ...read, rule: 'JD5' };
    expect(wire.decode(notice(JSON.stringify(told)))).toEqual({
      kind: 'notice',
      notice: read,
      earlier: false,
    });
    for (const broken of ['{', 'null', '{"id": 4, "code": "x"}']) {
      expect(wire.decode(notice(broken))).toEqual({ kind: 'unknown' });
    }
  });

  it('reads an acknowledgement, and skips what it does not know', () => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 121);
    encoding.writeVarUint(encoder, 300);
    expect(wire.decode(encoding.toUint8Array(encoder))).toEqual({ kind: 'ack', count: 300 });
    expect(wire.decode(new Uint8Array([99, 1, 2]))).toEqual({ kind: 'unknown' });
    expect(() => wire.decode(new Uint8Array([0, 2, 9, 1]))).toThrow();
  });
});

describe('presence and its pace', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('calls at once, then at most once per interval, and never loses the last call', () => {
    const calls: number[] = [];
    const throttle = new Throttle(
      () => calls.push(Date.now()),
      () => 100,
    );
    for (let i = 0; i < 10; i += 1) {
      throttle.call();
      vi.advanceTimersByTime(30);
    }
    vi.advanceTimersByTime(500);
    expect(calls.length).toBe(4);
    expect(Math.min(...calls.slice(1).map((at, i) => at - (calls[i] ?? 0)))).toBe(100);
  });

  it('shows others by what the server says of them and leaves out what is malformed', () => {
    const awareness = new Awareness(new Y.Doc());
    const presence = new Presence(awareness);
    const user = { id: 'p1', name: 'Koivu', color: 3, role: 'participant' };
    awareness.states.set(7, {
      user,
      cursor: { zone: 'z', x: 1, y: 2 },
      edit: 'n',
      drag: { ids: 4 },
    });
    awareness.states.set(8, { cursor: { zone: 'z', x: 1, y: 2 } });
    expect(presence.others).toEqual([
      {
        client: 7,
        person: 'p1',
        name: 'Koivu',
        color: 3,
        edit: 'n',
        cursor: { zone: 'z', x: 1, y: 2 },
      },
    ]);
    awareness.destroy();
  });

  it('tells once for all who moved within a frame', () => {
    const awareness = new Awareness(new Y.Doc());
    const frames: (() => void)[] = [];
    const presence = new Presence(awareness, false, (run) => frames.push(run));
    const drawn: number[] = [];
    presence.onChange(() => drawn.push(presence.others.length));
    for (const client of [7, 8, 9]) {
      awareness.states.set(client, { user: { id: `p${client}`, name: 'Koivu', color: 3 } });
      awareness.emit('change', [{ added: [client], updated: [], removed: [] }, 'remote']);
    }
    expect(presence.others).toHaveLength(3); // who asks is told at once
    for (const run of frames) run();
    expect(drawn).toEqual([3]);
    awareness.destroy();
  });

  it('shows nothing of a quiet visitor', () => {
    const awareness = new Awareness(new Y.Doc());
    const presence = new Presence(awareness, true);
    presence.edit('n');
    vi.advanceTimersByTime(500);
    expect(awareness.getLocalState()).toBeNull();
    awareness.destroy();
  });
});
