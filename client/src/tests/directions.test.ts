import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('../**/*.svelte', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Fields that hold no words: numbers, days, choices, codes and keys. */
const NO_WORDS =
  /readonly|type="(?:number|date|time|datetime-local|checkbox|radio|file|password|range)"|id="code"|inputmode=/;
const FIELD = /<(?:input|textarea)\b(?:[^>{]|\{(?:[^{}]|\{[^{}]*\})*\})*>/g;

it('every field that takes words follows the direction of what is written', () => {
  const fields = Object.entries(sources).flatMap(([file, source]) =>
    (source.match(FIELD) ?? []).map((field) => ({ file, field })),
  );
  expect(fields.length).toBeGreaterThan(20);
  const fixed = fields.filter(
    ({ field }) => !NO_WORDS.test(field) && !field.includes('dir="auto"'),
  );
  expect(fixed).toEqual([]);
});

it('no field cuts what is pasted without a word', () => {
  const silent = Object.entries(sources).filter(([, source]) => /maxlength=(?!"4")/.test(source));
  expect(silent.map(([file]) => file)).toEqual([]);
});
