import { beforeEach, expect, it } from 'vitest';
import { keepPlace, lastPlace } from '../last-place';

beforeEach(() => sessionStorage.clear());

it('is where one went, for this workshop alone', () => {
  keepPlace('w1', 'change', null);
  expect([lastPlace('w1', null), lastPlace('w2', null)]).toEqual(['change', null]);
});

it('is forgotten when everybody was brought elsewhere', () => {
  keepPlace('w1', 'change', 'map');
  expect([lastPlace('w1', 'map'), lastPlace('w1', 'plan'), lastPlace('w1', null)]).toEqual([
    'change',
    null,
    null,
  ]);
});

it.each(['{', '"change"', '[]', '[7, null]', 'null'])('is none for %s', (kept) => {
  sessionStorage.setItem('hahmo_place_w1', kept);
  expect(lastPlace('w1', null)).toBeNull();
});
