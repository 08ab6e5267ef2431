import { describe, expect, it } from 'vitest';
import { whatToSay } from '../deletions.svelte';

describe('notes that somebody deleted', () => {
  it('are told once, and again when they become more', () => {
    expect(whatToSay(6, 0, false)).toBe('say');
    expect(whatToSay(6, 6, true)).toBeNull();
    expect(whatToSay(7, 6, true)).toBe('say');
    expect(whatToSay(7, 6, false)).toBe('say');
  });

  it('are told as fewer only while that stands there, and not at all when all are back', () => {
    expect(whatToSay(5, 6, true)).toBe('say');
    expect(whatToSay(5, 6, false)).toBeNull();
    expect(whatToSay(0, 6, true)).toBe('forget');
  });
});
