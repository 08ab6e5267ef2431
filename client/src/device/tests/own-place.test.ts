import { beforeEach, expect, test } from 'vitest';
import { OwnPlace } from '../own-place.svelte';
import { forgetAll, recall, recallByCode, remember, rememberedKey } from '../remembered';

const WORDS = { code: 'ABCDEFGH', title: 'Kevät', role: 'facilitator' } as const;
const OTHER = { id: 'other', name: 'Toinen' };

beforeEach(() => localStorage.clear());

function sittingHere(): OwnPlace {
  const place = new OwnPlace('w', 'lead');
  place.keep('Vetäjä', WORDS, 1);
  return place;
}

test('what is news of the workshop keeps the place', () => {
  const place = sittingHere();
  place.keep('Vetäjä', { ...WORDS, title: 'Syksy' }, 2);
  expect(place.isTaken).toBe(false);
  expect(recall('w')).toMatchObject({ title: 'Syksy', me: { id: 'lead' }, at: 2 });
});

test('news of the workshop take no place back from who has joined in another tab', () => {
  const place = sittingHere();
  remember('w', { me: OTHER });
  place.keep('Vetäjä', WORDS, 2); // before the browser tells of the other tab
  expect(recall('w').me).toEqual(OTHER);
  expect(place.isTaken).toBe(true);
  place.onStorage(rememberedKey('w'));
  expect(place.isTaken).toBe(true);
});

test('who has left in another tab is not put back into the workshop', () => {
  const place = sittingHere();
  forgetAll('w');
  place.keep('Vetäjä', WORDS, 2);
  expect(recallByCode(WORDS.code)).toBeNull();
  expect(place.isTaken).toBe(true);
});

test('who comes back in another tab has the place again', () => {
  const place = sittingHere();
  remember('w', { me: OTHER });
  place.onStorage(rememberedKey('w'));
  remember('w', { me: { id: 'lead', name: 'Vetäjä' } });
  place.onStorage(rememberedKey('w'));
  expect(place.isTaken).toBe(false);
});
