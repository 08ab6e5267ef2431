import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BecameTies, readBecame } from './became.svelte';
import { linksOf } from './schema';

describe('what became what', () => {
  it('is read from links of that kind between two notes of this board', () => {
    const doc = new Y.Doc();
    const links = {
      a: { from: 'n1', to: 'n2', kind: 'became' },
      b: { from: 'n1', to: 'n3', kind: 'relates' },
      c: { from: 'other#n1', to: 'n2', kind: 'became' },
      d: { from: 'n1', to: 'row/tools', kind: 'became' },
      e: 'garbage',
    };
    for (const [id, link] of Object.entries(links)) linksOf(doc).set(id, link);
    expect(readBecame(doc, 'b')).toEqual([{ id: 'a', from: 'n1', to: 'n2' }]);
  });

  it('follows the document until told to stop', () => {
    const doc = new Y.Doc();
    const ties = new BecameTies(doc, 'b');
    const stop = ties.follow();
    linksOf(doc).set('a', { from: 'n1', to: 'n2', kind: 'became' });
    expect(ties.now).toHaveLength(1);
    stop();
    linksOf(doc).delete('a');
    expect(ties.now).toHaveLength(1);
  });
});
