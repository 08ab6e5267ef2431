import { expect, it } from 'vitest';
import { othersAmong } from '../removing';

it('counts notes as others where nobody knows who wrote them', () => {
  expect(othersAmong(['one', 'two', null], 'one')).toBe(2);
  expect(othersAmong(['one', null], null)).toBe(2);
});
