import { expect, test } from 'vitest';
import { fetchAwaited, hereAlready, later } from '../chunks';

const ALL_HERE = 'hahmo-parts-here';

test('what did not come comes at the next call, and only then is all here', async () => {
  let line = false;
  let asked = 0;
  const part = later(async () => {
    asked += 1;
    if (!line) throw new Error('offline');
    return 'part';
  });

  await fetchAwaited();
  expect(hereAlready(part)).toBeUndefined();
  expect(performance.getEntriesByName(ALL_HERE)).toHaveLength(0);

  line = true;
  await fetchAwaited();
  expect(hereAlready(part)).toBe('part');
  expect(performance.getEntriesByName(ALL_HERE)).not.toHaveLength(0);

  await fetchAwaited();
  expect(asked).toBe(2);
});

test('parts that a part brings along come with it', async () => {
  let inner: (() => Promise<string>) | undefined;
  later(async () => {
    inner = later(async () => 'inner');
    return 'outer';
  });

  await fetchAwaited();
  expect(inner && hereAlready(inner)).toBe('inner');
});
