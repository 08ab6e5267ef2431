import { expect, it } from 'vitest';
import { oneLine } from './one-line';

it('takes off what a pasted name brings along unseen', () => {
  expect(oneLine(' Aino\tMaria\r\nVirtanen ')).toBe('Aino Maria Virtanen');
  expect(oneLine('\u202aAino\u202c')).toBe('Aino');
  expect(oneLine('\u202emirror\u200b')).toBe('mirror\u200b');
});

it('leaves every letter, also those that are joined by invisible ones', () => {
  for (const name of ['مرحبا', '👩‍👩‍👧', 'O’Hara-Österlund']) expect(oneLine(name)).toBe(name);
});
