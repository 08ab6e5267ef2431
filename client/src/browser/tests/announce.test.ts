import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { announce, announcer } from '../announce.svelte';

describe('what is said to screen readers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is heard whole when two things happen at once, and each sentence once', () => {
    announce('Locked.');
    announce('Voting is over.');
    announce('Locked.');
    vi.runAllTimers();
    expect(announcer.text).toBe('Voting is over. Locked.');
  });

  it('is heard again when it is said again', () => {
    announce('Locked.');
    vi.runAllTimers();
    announce('Locked.');
    expect(announcer.text).toBe('');
    vi.runAllTimers();
    expect(announcer.text).toBe('Locked.');
  });
});
