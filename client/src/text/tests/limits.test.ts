import { expect, it } from 'vitest';
import limits from '../../../../tests/vectors/limits.json';
import { FIELD_LIMITS, LIMITS } from '../limits';

it('knows the limits of the server', () => {
  expect(LIMITS).toEqual(limits.both);
});

it('stops fields before the server has to', () => {
  const fields = Object.entries(limits.fields).map(([name, { field }]) => [name, field]);
  expect(FIELD_LIMITS).toEqual(Object.fromEntries(fields));
});
