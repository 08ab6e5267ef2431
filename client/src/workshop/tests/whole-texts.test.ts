import { expect, test } from 'vitest';
import { completed } from '../whole-texts';

const board = (title: object, more: object = {}) => ({
  key: 'map',
  minutes: [5, 10],
  title,
  ...more,
});

test('other languages are put into the values that are shown already', () => {
  const title = { fi: 'Kartta' };
  const rows = [{ id: 'a', title: { fi: 'Rivi' } }];
  const whole = [{ id: 'a', title: { fi: 'Rivi', en: 'Row' } }];

  expect(
    completed(board(title, { rows }), board({ fi: 'Kartta', sv: 'Karta' }, { rows: whole })),
  ).toBe(true);

  expect(title).toEqual({ fi: 'Kartta', sv: 'Karta' });
  expect(rows).toEqual(whole);
});

test.each([
  ['a text', { fi: 'Kartta 2', sv: 'Karta' }, {}],
  ['a part', { fi: 'Kartta', sv: 'Karta' }, { hidden: true }],
  ['a list', { fi: 'Kartta', sv: 'Karta' }, { minutes: [5] }],
  ['a language', { sv: 'Karta' }, {}],
])('where %s is another nothing is changed', (_, title, more) => {
  const [some, before] = [board({ fi: 'Kartta' }), board({ fi: 'Kartta' })];
  expect(completed(some, board(title, more))).toBe(false);
  expect(some).toEqual(before);
});
