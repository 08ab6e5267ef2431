import { createRawSnippet, flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Guarded from '../Guarded.svelte';

describe('what throws while it is drawn', () => {
  let broken = true;
  const target = document.createElement('div');
  const told = vi.fn();
  let mounted: Record<string, unknown>[] = [];

  const part = (words: () => string) =>
    createRawSnippet(() => ({ render: () => `<p class="part">${words()}</p>` }));

  beforeEach(() => {
    broken = true;
    vi.stubGlobal('reportError', told);
    const failing = part(() => {
      if (broken) throw new Error('broken');
      return 'whole again';
    });
    mounted = [failing, part(() => 'beside it')].map((children) =>
      mount(Guarded, { target, props: { children } }),
    );
    flushSync();
  });

  afterEach(async () => {
    await Promise.all(mounted.map((one) => unmount(one)));
    vi.unstubAllGlobals();
    told.mockReset();
  });

  const parts = () => [...target.querySelectorAll('.part')].map((one) => one.textContent);
  const showAgain = () => {
    target.querySelector('button')?.click();
    flushSync();
  };

  it('leaves standing what is beside it, and is reported', () => {
    expect(parts()).toEqual(['beside it']);
    expect(target.querySelector('[role=alert]')).not.toBeNull();
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ message: 'broken' }));
  });

  it('is shown again on demand, as often as it takes', () => {
    showAgain();
    expect(parts()).toEqual(['beside it']);
    broken = false;
    showAgain();
    expect(parts()).toEqual(['whole again', 'beside it']);
    expect(target.querySelector('[role=alert]')).toBeNull();
  });
});
