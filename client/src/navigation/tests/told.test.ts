import { describe, expect, it } from 'vitest';
import { newsOf } from '../told.svelte';

const restored = (id: string) => ({ id, board: 'board', person: 'lead', at: 1 });

describe('a board that went back', () => {
  it('is told of to whoever is on it', () => {
    expect(newsOf(null, restored('a'), 'board', 'me')?.id).toBe('a');
    expect(newsOf(restored('a'), restored('b'), 'board', 'me')?.id).toBe('b');
  });

  it('is not to whoever comes later, is elsewhere, or did it', () => {
    expect(newsOf(undefined, restored('a'), 'board', 'me')).toBeNull();
    expect(newsOf(restored('a'), restored('a'), 'board', 'me')).toBeNull();
    expect(newsOf(null, restored('a'), 'other', 'me')).toBeNull();
    expect(newsOf(null, restored('a'), 'board', 'lead')).toBeNull();
  });
});
