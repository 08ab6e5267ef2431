import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Intents } from './intents';
import { Undo } from './undo';
import { hearVanished, othersAmong, type Vanished } from './vanished';

function person(name: string) {
  const doc = new Y.Doc();
  const undo = new Undo(doc, 'board');
  return { doc, undo, intents: new Intents(doc, 'board', name, undo, () => 1000) };
}

const bring = (to: Y.Doc, from: Y.Doc) =>
  Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), 'remote');

describe('notes that vanish', () => {
  it('are told with who did it and who wrote them, once', () => {
    const [one, lead] = [person('one'), person('lead')];
    const wanted = ['a', 'b'].map((text) => ({ zone: 'z', color: 'yellow' as const, text }));
    const [own] = one.intents.addNotes(wanted.slice(0, 1));
    bring(lead.doc, one.doc);
    const [other, kept] = lead.intents.addNotes(wanted);
    bring(one.doc, lead.doc);
    const heard: Vanished[] = [];
    const stop = hearVanished(lead.doc, (vanished) => heard.push(vanished));
    lead.intents.deleteNotes([kept ?? '']); // one's own doing is no news
    one.intents.deleteNotes([own ?? '', other ?? '']);
    bring(lead.doc, one.doc);
    one.intents.restoreNotes([own ?? '']);
    bring(lead.doc, one.doc);
    expect(heard.map(({ client, authors }) => [client, [...authors]])).toEqual([
      [
        one.doc.clientID,
        expect.arrayContaining([
          [own, 'one'],
          [other, 'lead'],
        ]),
      ],
    ]);
    stop();
    one.intents.deleteNotes([own ?? '']);
    bring(lead.doc, one.doc);
    expect(heard).toHaveLength(1);
  });

  it('count as others where nobody knows who wrote them', () => {
    expect(othersAmong(['one', 'two', null], 'one')).toBe(2);
    expect(othersAmong(['one', null], null)).toBe(2);
  });
});
