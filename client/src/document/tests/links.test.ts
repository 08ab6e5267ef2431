import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { NoteEdits } from '../edits';
import {
  byEnd,
  endKey,
  likelyKind,
  readEnd,
  readLinks,
  spellEnd,
  traceFrom,
  type End,
  type Link,
} from '../links';
import { linksOf, answerText, answersOf } from '../schema';
import { Undo, USER } from '../undo';

const note = (board: string, id: string): End => ({ board, kind: 'note', id });

function person() {
  const doc = new Y.Doc();
  const undo = new Undo(doc, 'b');
  return { doc, undo, edits: new NoteEdits(doc, 'b', 'me', undo, () => 1) };
}

describe('ends of links', () => {
  const spelt: [string, End][] = [
    ['n1', note('home', 'n1')],
    ['row/customers', { board: 'home', kind: 'row', id: 'customers' }],
    ['answer/matter/g1', { board: 'home', kind: 'answer', id: 'matter/g1' }],
    ['other#experiment/e1', { board: 'other', kind: 'experiment', id: 'e1' }],
    ['other#n1', note('other', 'n1')],
  ];

  it.each(spelt)('reads and spells %s', (text, end) => {
    expect(readEnd(text, 'home')).toEqual(end);
    expect(spellEnd(end, 'home')).toBe(text);
  });

  it.each([null, 7, '', 'other#', 'row/', {}])('takes %j for no end, or for a plain id', (text) => {
    const end = readEnd(text, 'home');
    expect(end === null || end.kind === 'note').toBe(true);
  });
});

describe('links of a document', () => {
  it('are made once, undone and redone as one step', () => {
    const { doc, undo, edits } = person();
    const link = { from: 'n1', to: 'other#n2', kind: 'relates' } as const;
    const id = edits.addLink(link, 'b');
    expect(edits.addLink(link, 'b')).toBe(id);
    expect(readLinks(doc, 'b')).toEqual([
      { id, home: 'b', kind: 'relates', from: note('b', 'n1'), to: note('other', 'n2') },
    ]);
    undo.undo();
    expect(readLinks(doc, 'b')).toEqual([]);
    undo.redo();
    edits.removeLink(id);
    expect(readLinks(doc, 'b')).toEqual([]);
    undo.undo();
    expect(readLinks(doc, 'b').map((one) => one.id)).toEqual([id]);
  });

  it('are the same when their ends are, however these are spelt', () => {
    const { doc, edits } = person();
    linksOf(doc).set('bad', { from: 7, to: 'n2', kind: 'relates' });
    const id = edits.addLink({ from: 'b#n1', to: 'n2', kind: 'relates' }, 'b');
    const fields = { from: 'n1', to: 'b#n2', kind: 'relates' } as const;
    expect(edits.addLink(fields, 'b')).toBe(id);
    for (const other of [
      { ...fields, kind: 'became' as const },
      { ...fields, to: 'other#n2' },
      { ...fields, from: 'row/n1' },
      { ...fields, from: fields.to, to: fields.from },
    ]) {
      expect(edits.addLink(other, 'b')).not.toBe(id);
    }
    expect(readLinks(doc, 'b')).toHaveLength(5);
  });

  it('leave out what is malformed', () => {
    const { doc } = person();
    const bad = [null, 7, {}, { from: 'a', to: 'b' }, { from: 1, to: 'b', kind: 'relates' }];
    const stray = { from: 'a', to: 'b', kind: 'hates' };
    [...bad, stray].forEach((value, i) => linksOf(doc).set(`k${i}`, value));
    linksOf(doc).set('good', { from: 'a', to: 'b', kind: 'became' });
    expect(readLinks(doc, 'b').map(({ id }) => id)).toEqual(['good']);
  });

  it('leave the answers’ texts to the same undo', () => {
    const { doc, undo } = person();
    answersOf(doc).set('matter', new Y.Text());
    doc.transact(() => answerText(doc, 'matter')?.insert(0, 'hei'), USER);
    undo.undo();
    expect(answerText(doc, 'matter')?.toString()).toBe('');
  });
});

describe('following links', () => {
  const link = (id: string, from: End, to: End, home = from.board): Link => ({
    id,
    home,
    kind: 'relates',
    from,
    to,
  });
  const [phenomenon, from, to, alone] = [
    note('map', 'p'),
    note('grid', 'f'),
    note('grid', 't'),
    note('map', 'z'),
  ];
  const experiment: End = { board: 'plan', kind: 'experiment', id: 'e' };
  const links = [
    link('1', phenomenon, from),
    link('2', from, to),
    link('3', experiment, to),
    link('3', experiment, to, 'copy'),
    link('4', to, phenomenon),
  ];

  it('shows a link at both of its ends, and once though two documents tell it', () => {
    const found = byEnd(links);
    expect(found.get(endKey(to))?.map(({ id }) => id)).toEqual(['2', '3', '4']);
    expect(found.get(endKey(experiment))?.map(({ id }) => id)).toEqual(['3']);
    expect(found.get(endKey(alone))).toBeUndefined();
  });

  it('reaches from each end all that hangs together, round trips included', () => {
    const found = byEnd(links);
    const names = (end: End) => traceFrom(end, found).map(endKey).sort();
    const all = [phenomenon, from, to, experiment].map(endKey).sort();
    for (const end of [phenomenon, from, to, experiment]) expect(names(end)).toEqual(all);
    expect(names(alone)).toEqual([endKey(alone)]);
  });

  it('takes From to To of one row for a change that came about', () => {
    const zones: Record<string, string> = { f: 'tools/from', t: 'tools/to', x: 'rules/to' };
    const zoneOf = ({ id }: End) => zones[id] ?? null;
    expect(likelyKind(from, to, zoneOf)).toBe('became');
    expect(likelyKind(to, from, zoneOf)).toBe('relates');
    expect(likelyKind(from, note('grid', 'x'), zoneOf)).toBe('relates');
    expect(likelyKind(phenomenon, to, zoneOf)).toBe('relates');
  });
});
