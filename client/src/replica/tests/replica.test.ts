import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { NoteEdits } from '../../document/edits';
import { Undo } from '../../document/undo';
import { BoardSession } from '../../session/session.svelte';
import { definition, zone } from '../../workshop/tests/test-definitions';
import type { BoardInfo } from '../../workshop/desk';
import { Replica, type ReplicaOptions } from '../replica.svelte';

const options: ReplicaOptions = {
  board: {
    id: 'b',
    key: 'k',
    lineage: 'l',
    kind: 'notes',
    breakout: null,
    group: null,
  } as BoardInfo,
  view: definition('notes', { zones: [zone('one')] }),
  me: { id: 'p', name: 'P', role: 'participant' },
  people: () => ({}),
  groups: () => ({}),
};

/** What another browser wrote, as the server sends it. */
function written(text: string): Uint8Array {
  const doc = new Y.Doc();
  new NoteEdits(doc, 'b', 'q', new Undo(doc, 'b')).addNotes([{ zone: 'one', color: 'blue', text }]);
  return Y.encodeStateAsUpdate(doc);
}

describe('a board that is looked on', () => {
  it('shows what others write', () => {
    const replica = new Replica(options);
    Y.applyUpdate(replica.doc, written('Tervetuloa'), 'server');
    replica.store.flush();
    expect(replica.state.zones[0]?.items.map(({ note }) => note.text)).toEqual(['Tervetuloa']);
    replica.destroy();
  });

  it('is not seen by those who are on it', () => {
    const replica = new Replica(options);
    expect(replica.provider.awareness?.getLocalState()).toBeNull();
    replica.destroy();
  });

  it('has nothing to write, undo or keep with', () => {
    const watching = (doc: Y.Doc) => [...(doc._observers.get('afterTransaction') ?? [])].length;
    const [replica, session] = [
      new Replica(options),
      new BoardSession({ ...options, mayWrite: true }),
    ];
    expect(watching(replica.doc)).toBeLessThan(watching(session.doc));
    for (const part of ['undo', 'edits', 'workspace', 'theming', 'grid', 'blanks']) {
      expect(part in replica).toBe(false);
      expect(part in session).toBe(true);
    }
    replica.destroy();
    session.destroy();
  });
});
