import { describe, expect, it } from 'vitest';
import { addressOf, readSought } from '../address';

describe('items in the address', () => {
  it('reads what it has written', () => {
    const sought = { board: 'b 1', kind: 'note', id: 'n&2' } as const;
    const address = addressOf('https://hahmo.test/w/1', sought);
    expect(address).toBe('https://hahmo.test/w/1#board=b+1&note=n%262');
    expect(readSought(new URL(address).hash)).toEqual(sought);
  });

  it('knows a note without its board', () => {
    expect(readSought('#note=n')).toEqual({ board: null, kind: 'note', id: 'n' });
    expect(readSought('#board=&note=n')).toEqual({ board: null, kind: 'note', id: 'n' });
  });

  it('takes nothing else for one', () => {
    for (const hash of ['', '#', '#board', '#board=b', '#t=secret', '#note=']) {
      expect(readSought(hash)).toBeNull();
    }
  });
});
