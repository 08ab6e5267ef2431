import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BecameTies, readBecame, sideOf } from '../became.svelte';
import { linksOf } from '../../document/schema';

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

  it('is told from both ends, and follows the document', () => {
    const doc = new Y.Doc();
    const ties = new BecameTies(doc, 'b');
    expect(ties.of('n1')).toEqual([]);
    linksOf(doc).set('a', { from: 'n1', to: 'n2', kind: 'became' });
    expect(ties.of('n1')).toEqual([{ link: 'a', side: 'to', note: 'n2' }]);
    expect(ties.of('n2')).toEqual([{ link: 'a', side: 'from', note: 'n1' }]);
    linksOf(doc).delete('a');
    expect(ties.now).toEqual([]);
  });

  it('ties From with To, and nothing else', () => {
    expect(['tools/from', 'tools/to', 'tools/now', 'from'].map(sideOf)).toEqual([
      'to',
      'from',
      null,
      null,
    ]);
  });
});
