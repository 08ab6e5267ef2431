import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BecameLinks, readBecameLinks, sideOf } from '../became-links.svelte';
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
    expect(readBecameLinks(doc, 'b')).toEqual([{ id: 'a', from: 'n1', to: 'n2' }]);
  });

  it('is told from both ends, and follows the document', () => {
    const doc = new Y.Doc();
    const links = new BecameLinks(doc, 'b');
    expect(links.of('n1')).toEqual([]);
    linksOf(doc).set('a', { from: 'n1', to: 'n2', kind: 'became' });
    expect(links.of('n1')).toEqual([{ link: 'a', side: 'to', note: 'n2' }]);
    expect(links.of('n2')).toEqual([{ link: 'a', side: 'from', note: 'n1' }]);
    linksOf(doc).delete('a');
    expect(links.now).toEqual([]);
  });

  it('links From with To, and nothing else', () => {
    expect(['tools/from', 'tools/to', 'tools/now', 'from'].map(sideOf)).toEqual([
      'to',
      'from',
      null,
      null,
    ]);
  });
});
