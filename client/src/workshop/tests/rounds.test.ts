import { describe, expect, it } from 'vitest';
import { compareRounds } from '../rounds';
import { row } from './test-definitions';

const ROWS = ['tools', 'rules'].map((id) => row(id));
const note = (id: string, zone: string, text = id) => ({ id, zone, text });

const OLD = [
  note('mappi', 'tools/from'),
  note('pilvi', 'tools/to'),
  note('sähköposti', 'tools/to'),
  note('chat', 'tools/to'),
  note('etätyö', 'rules/to'),
];
const NOW = [
  note('pilvi', 'tools/from'),
  note('sähköposti', 'tools/from', 'sähköposti yhä'),
  note('etätyö', 'rules/from'),
  note('tekoäly', 'tools/to'),
  note('tulostin', 'tools/from'),
];

describe('two rounds', () => {
  const links = new Map([['pilvi', ['tekoäly', 'poistettu']]]);
  const { rows, counts } = compareRounds(ROWS, ['from', 'to'], OLD, NOW, links);

  it('tell what became of where the last one arrived', () => {
    const [tools, rules] = rows;
    expect(tools?.arrived.map(({ note: { id }, fate }) => [id, fate])).toEqual([
      ['pilvi', 'became'],
      ['sähköposti', 'reworded'],
      ['chat', 'gone'],
    ]);
    expect(tools?.arrived[0]?.became).toEqual(['tekoäly']);
    expect(tools?.arrived[1]?.now).toBe('sähköposti yhä');
    expect(rules?.arrived[0]?.fate).toBe('kept');
  });

  it('tell what is new, and what the last one came from', () => {
    expect(rows[0]?.newTo.map(({ id }) => id)).toEqual(['tekoäly']);
    expect(rows[0]?.newFrom.map(({ id }) => id)).toEqual(['tulostin']);
    expect(rows[0]?.before.map(({ id }) => id)).toEqual(['mappi']);
    expect(counts).toEqual({ became: 1, kept: 1, reworded: 1, gone: 1, new: 2 });
  });

  it('have nothing new in a carried note that was put under To', () => {
    const moved = [note('pilvi', 'tools/to')];
    const found = compareRounds(ROWS, ['from', 'to'], OLD, moved, new Map());
    expect(found.rows[0]?.newTo).toEqual([]);
    expect(found.rows[0]?.arrived[0]?.fate).toBe('kept');
  });
});
