import { describe, expect, it } from 'vitest';
import { readList, seated } from '../listed';

describe('a pasted list of groups', () => {
  it('is a group a line, with a name or without', () => {
    expect(readList('Koivu: Anna , Ben\r\n\n Carl,Dora,\n')).toEqual([
      { name: 'Koivu', people: ['Anna', 'Ben'] },
      { name: '', people: ['Carl', 'Dora'] },
    ]);
  });

  it('is a person a line where it comes from a spreadsheet', () => {
    expect(readList('Anna\tKoivu\nBen\tMänty\nCarl;Koivu')).toEqual([
      { name: 'Koivu', people: ['Anna', 'Carl'] },
      { name: 'Mänty', people: ['Ben'] },
    ]);
  });

  it('has nobody twice, and no group of nobody', () => {
    expect(readList('A: Anna, anna\nB: ANNA\nC: \n , ')).toEqual([{ name: 'A', people: ['Anna'] }]);
  });

  it('finds people by their names, and says who is not here', () => {
    const people = [
      { id: '1', name: 'Anna' },
      { id: '2', name: 'Ben' },
    ];
    expect(seated(readList('anna, Carl\nBEN'), people)).toEqual({
      groups: [['1'], ['2']],
      missing: ['Carl'],
    });
  });
});
