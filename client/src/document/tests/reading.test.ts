import { describe, expect, it } from 'vitest';
import documents from '../../../../tests/vectors/schema.json';
import boards from '../../../../tests/vectors/zones.json';
import { edited, read, type Edit } from './reader';
import type { BoardDefinition } from '../../workshop/workshop';
import { zonesOf } from '../../layout/zones';

describe('a document', () => {
  it.each(documents)('is read as the server reads it: $name', ({ edits, reading }) => {
    expect(read(edited(edits as unknown as Edit[]), 'board')).toEqual(reading);
  });
});

describe('zones', () => {
  it.each(boards)('are called as in exports: $name', ({ definition, zones }) => {
    const named = zonesOf(definition as unknown as BoardDefinition).map(({ id, title }) => [
      id,
      title,
    ]);
    expect(named).toEqual(zones);
  });
});
