import { describe, expect, it } from 'vitest';
import { addressOf, readLinkTarget } from '../address';

describe('items in the address', () => {
  it('reads what it has written', () => {
    const target = { board: 'b 1', kind: 'note', id: 'n&2' } as const;
    const address = addressOf('https://hahmo.test/w/1', target);
    expect(address).toBe('https://hahmo.test/w/1#board=b+1&note=n%262');
    expect(readLinkTarget(new URL(address).hash)).toEqual(target);
  });

  it('knows a note without its board', () => {
    expect(readLinkTarget('#note=n')).toEqual({ board: null, kind: 'note', id: 'n' });
    expect(readLinkTarget('#board=&note=n')).toEqual({ board: null, kind: 'note', id: 'n' });
  });

  it('takes nothing else for one', () => {
    for (const hash of ['', '#', '#board', '#board=b', '#t=secret', '#note=']) {
      expect(readLinkTarget(hash)).toBeNull();
    }
  });
});
