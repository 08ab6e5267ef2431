import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../api/api';
import { fitting, type Meant, type Span } from '../crowd';

const at = (time: string) => new Date(`2026-03-02T${time}`).getTime();
const came = (id: string, time: string, did: Seen['did'], more: Partial<Seen> = {}): Seen => ({
  id,
  name: id,
  role: 'participant',
  joined: at(time),
  here: false,
  did,
  ...more,
});

const people = [
  came('lead', '08:59:00', 'nothing', { role: 'facilitator' }),
  came('wrote', '09:00:10', 'wrote'),
  came('looks-on', '09:01:00', 'stayed', { role: 'observer', here: true }),
  came('ghost', '09:02:59.500', 'nothing'),
  came('late', '09:03:00', 'nothing'),
];
const ANY: Span = { from: '', until: '' };
const ids = (meant: Meant, span: Span = ANY) => fitting(people, meant, span).map(({ id }) => id);

describe('whom one means', () => {
  it('goes by what they did, and never means a facilitator', () => {
    expect(ids('idle')).toEqual(['ghost', 'late']);
    expect(ids('silent')).toEqual(['looks-on', 'ghost', 'late']);
    expect(ids('all')).toEqual(['wrote', 'looks-on', 'ghost', 'late']);
  });

  it('goes by when they came, to the end of the last minute', () => {
    const from = '2026-03-02T09:01';
    const until = '2026-03-02T09:02';
    expect(ids('all', { from, until: '' })).toEqual(['looks-on', 'ghost', 'late']);
    expect(ids('all', { from: '', until })).toEqual(['wrote', 'looks-on', 'ghost']);
    expect(ids('idle', { from, until })).toEqual(['ghost']);
  });
});
