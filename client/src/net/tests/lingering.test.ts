import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { ServedAwareness } from '../served-awareness';
import { ARRIVAL_MS, Lingering, LINGER_MS } from '../lingering';

const who = (...ids: string[]) => new Map(ids.map((id) => [id, id]));

describe('who is here', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('calls nobody gone whom a newcomer has not been told of yet', () => {
    const looked = vi.fn();
    const here = new Lingering<string>(looked);
    const look = (...ids: string[]) => [...here.look(who(...ids), ids.length > 0).keys()];
    here.presume(who('a', 'b', 'me'));
    expect(look()).toEqual(['a', 'b', 'me']);
    vi.advanceTimersByTime(60_000);
    expect(look('me')).toEqual(['a', 'b', 'me']);
    vi.advanceTimersByTime(ARRIVAL_MS - 10);
    expect(look('me', 'a')).toEqual(['a', 'b', 'me']);
    vi.advanceTimersByTime(20);
    expect(looked).toHaveBeenCalledOnce();
    expect(look('me', 'a')).toEqual(['a', 'me']);
    vi.advanceTimersByTime(LINGER_MS - 10);
    expect(look('me')).toEqual(['a', 'me']);
    here.destroy();
  });

  it('stays here through a reconnect of some seconds, and goes when it lasts', () => {
    const looked = vi.fn();
    const here = new Lingering<string>(looked);
    const look = (now: Map<string, string>, connected = true) => [
      ...here.look(now, connected).keys(),
    ];
    expect(look(who('a', 'b'))).toEqual(['a', 'b']);
    vi.advanceTimersByTime(60_000);
    expect(look(who('a'))).toEqual(['a', 'b']);
    vi.advanceTimersByTime(LINGER_MS - 100);
    expect(look(who('a', 'b'))).toEqual(['a', 'b']);
    vi.advanceTimersByTime(60_000);
    expect([look(who('a')), looked.mock.calls.length]).toEqual([['a', 'b'], 0]);
    vi.advanceTimersByTime(LINGER_MS + 10);
    expect(looked).toHaveBeenCalledOnce();
    expect(look(who('a'))).toEqual(['a']);
    here.destroy();
  });

  it('is not told while we are without a connection, nor at once when it is back', () => {
    const here = new Lingering<string>(vi.fn());
    here.look(who('a', 'b'), true);
    here.look(who(), false);
    vi.advanceTimersByTime(600_000);
    expect([...here.look(who(), false).keys()]).toEqual(['a', 'b']);
    expect([...here.look(who('a'), true).keys()]).toEqual(['a', 'b']);
    vi.advanceTimersByTime(LINGER_MS + 10);
    expect([...here.look(who('a'), true).keys()]).toEqual(['a']);
    here.destroy();
  });

  it('is not taken for gone because a page stood still', () => {
    const [theirs, ours] = [new Awareness(new Y.Doc()), new ServedAwareness(new Y.Doc())];
    theirs.setLocalState({ user: 'a' });
    ours.setLocalState({ user: 'b' });
    const sent: number[] = [];
    ours.on('update', () => sent.push(Date.now()));
    applyAwarenessUpdate(ours, encodeAwarenessUpdate(theirs, [theirs.clientID]), 'server');
    theirs.destroy();
    vi.advanceTimersByTime(120_000); // they are in a tab whose timers are held
    expect(ours.getStates().get(theirs.clientID)).toEqual({ user: 'a' });
    expect(sent.length).toBeGreaterThan(6); // and ours is told to those who count
    ours.destroy();
  });
});
