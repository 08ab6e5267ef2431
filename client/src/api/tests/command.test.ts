import { describe, expect, it } from 'vitest';
import { Command } from '../command.svelte';

describe('a command', () => {
  it('is run once while it is under way', async () => {
    const command = new Command();
    const first = command.run(() => Promise.resolve(1));
    expect(await command.run(() => Promise.resolve(2))).toBeNull();
    expect(await first).toBe(1);
    expect(command.busy).toBe(false);
  });

  it('in turn leaves out none, and goes on after one that failed', async () => {
    const command = new Command();
    const order: number[] = [];
    const step = (n: number) => async () => {
      await Promise.resolve();
      order.push(n);
      if (n === 2) throw new Error('no');
      return n;
    };
    const all = [1, 2, 3].map((n) => command.inTurn(step(n)));
    expect(await Promise.all(all)).toEqual([1, null, 3]);
    expect(order).toEqual([1, 2, 3]);
    expect(command.problem).toBeNull();
  });
});
