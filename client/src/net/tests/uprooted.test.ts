import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { Uprooted } from '../uprooted';

/** A document with a note, as another device has it too, and what is written into it here. */
function written(change: (text: Y.Text) => void) {
  const [here, there] = [new Y.Doc(), new Y.Doc()];
  const text = new Y.Text('a');
  here.getMap('notes').set('n', new Y.Map([['text', text]]));
  Y.applyUpdate(there, Y.encodeStateAsUpdate(here));
  const updates: Uint8Array[] = [];
  here.on('update', (update: Uint8Array) => updates.push(update));
  change(text);
  return { here, there, updates: [...updates] };
}

test('letters in something that another took out of the board are told, once', () => {
  const { here, there, updates } = written((text) => text.insert(1, 'b'));
  const uprooted = new Uprooted();
  expect(uprooted.lost(here, updates)).toEqual([]);

  there.getMap('notes').delete('n');
  Y.applyUpdate(here, Y.encodeStateAsUpdate(there));

  expect(uprooted.lost(here, updates)).toMatchObject([{ code: 'note-gone', texts: ['b'] }]);
  expect(uprooted.lost(here, updates)).toEqual([]);
});

test('letters that their author took away again are no loss', () => {
  const { here, updates } = written((text) => {
    text.insert(1, 'b');
    text.delete(1, 1);
  });
  expect(new Uprooted().lost(here, updates)).toEqual([]);
});
