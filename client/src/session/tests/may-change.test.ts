import { describe, expect, it } from 'vitest';
import { toasts } from '../../browser/toasts.svelte';
import type { Note } from '../../document/schema';
import { UNBOUND } from '../../workshop/rights';
import { boundOn, may, mayAdd, mayArrange, mayTry, mayTryAdding } from '../may-change';

const NOTES: Record<string, { author: string; zone: string }> = {
  mine: { author: 'me', zone: 'a' },
  yours: { author: 'you', zone: 'a' },
  shut: { author: 'me', zone: 'closed' },
  fixed: { author: 'me', zone: 'a' },
};

function person(role: 'participant' | 'facilitator', bounds = {}) {
  return {
    me: { id: 'me', name: 'Kuovi', role },
    mayWrite: true,
    own: 3,
    bounds: { ...UNBOUND, ...bounds },
    locked: { zones: ['closed'], notes: ['fixed'] },
    store: { notes: new Map(Object.entries(NOTES)) as unknown as ReadonlyMap<string, Note> },
  } as unknown as Parameters<typeof may>[0];
}

describe('what one may do with notes', () => {
  it('goes by whose they are and what is locked', () => {
    const bound = person('participant', { edit: 'own', delete: 'none' });
    expect(may(bound, 'edit', ['mine'])).toBe(true);
    expect(may(bound, 'edit', ['mine', 'yours'])).toBe(false);
    expect(may(bound, 'move', ['yours'])).toBe(true);
    expect(may(bound, 'move', ['mine', 'fixed'])).toBe(false);
    expect(may(bound, 'move', ['shut'])).toBe(false);
    expect(may(bound, 'delete', ['mine'])).toBe(false);
    expect(may({ ...bound, mayWrite: false }, 'move', ['mine'])).toBe(false);
    expect(boundOn(bound, ['mine'])).toBe('bounds.none');
    expect(boundOn(bound, ['fixed'])).toBe('bounds.locked-note');
    expect(boundOn(bound, ['shut'])).toBe('bounds.locked-zone');
    expect(boundOn(person('participant'), ['yours'])).toBe('');
  });

  it('binds no facilitator by locks', () => {
    const lead = person('facilitator');
    expect(may(lead, 'edit', ['fixed', 'shut'])).toBe(true);
    expect(mayAdd(lead, 'closed')).toBe(true);
    expect(mayArrange(lead, 'closed')).toBe(true);
    expect(boundOn(lead, ['fixed'])).toBe('');
  });

  it('has room for so many notes of one person, and none in a locked zone', () => {
    const four = person('participant', { most: 4 });
    expect(mayAdd(four, 'a')).toBe(true);
    expect(mayAdd(four, 'a', 2)).toBe(false);
    expect(mayAdd(four, 'closed')).toBe(false);
    expect(mayAdd(person('participant', { add: false }))).toBe(false);
    expect(mayArrange(four, 'closed')).toBe(false);
    expect(mayArrange(person('participant', { move: 'own' }))).toBe(false);
  });

  it('says why what is tried does not happen', () => {
    const texts = () => toasts.all.map(({ text }) => text);
    toasts.clear();
    expect(mayTry(person('participant'), 'edit', ['mine'])).toBe(true);
    expect(texts()).toEqual([]);
    expect(mayTry(person('participant', { edit: 'own' }), 'edit', ['yours'])).toBe(false);
    expect(texts()).toEqual(['bounds.own']);
    expect(mayTry(person('participant'), 'move', ['mine'], 'closed')).toBe(false);
    expect(texts()).toEqual(['bounds.locked-zone']);
    expect(mayTryAdding(person('participant', { most: 3 }), 1)).toBe(false);
    expect(texts()).toEqual(['bounds.most-reached']);
    toasts.clear();
  });
});
