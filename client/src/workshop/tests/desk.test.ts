import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import documents from '../../../../tests/vectors/desk.json';
import { edited, type Edit } from '../../document/tests/reader';
import { EMPTY_DESK, readDesk } from '../desk';
import { read } from './desk-reader';

describe('a desk', () => {
  it.each(documents)('is read as the server reads it: $name', ({ edits, reading }) => {
    expect(read(edited(edits as unknown as Edit[]))).toEqual(reading);
  });

  it('has what is read of nothing, before any has arrived', () => {
    expect(EMPTY_DESK).toEqual(readDesk(new Y.Doc()));
  });

  it('names nobody and nothing that has no entry', () => {
    for (const id of ['constructor', '__proto__', 'toString']) {
      const { people, boards, breakouts, locks, votes } = EMPTY_DESK;
      expect([people[id], boards[id], breakouts[id], locks[id], votes[id]]).toEqual(
        Array(5).fill(undefined),
      );
    }
  });
});
