/** Parts of the page that come in files of their own, over a network that may blink. */

type Milliseconds = number;

/** A network that blinked is mostly back by then. */
const PAUSE_MS: Milliseconds = 1_000;

/** Load a part; once more after a pause. Rejects when it does not come then either. */
export async function fetchPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    return fetchAgain(load);
  }
}

/** The same, with the sheets that did not come the first time: nobody else asks for them again. */
export async function fetchAgain<T>(load: () => Promise<T>): Promise<T> {
  // The page's own script marks them (server/web/pages.py), for it was there before they were.
  const missing = document.querySelectorAll<HTMLLinkElement>('link[data-missing]');
  await Promise.all([...missing].map(fetchSheet));
  return load();
}

function fetchSheet(link: HTMLLinkElement): Promise<void> {
  return new Promise((done, fail) => {
    const fresh = link.cloneNode() as HTMLLinkElement;
    delete fresh.dataset['missing'];
    fresh.onload = () => done();
    fresh.onerror = () => fail(new Error(link.href));
    link.replaceWith(fresh);
  });
}

/**
 * Somebody asked for it again. Where the server answers and the part still does not come, the
 * server was updated, or the browser remembers the failure: only a new page helps, and what is
 * not saved yet waits in the outbox meanwhile.
 */
export async function fetchOrReload<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await fetchAgain(load);
  } catch (error) {
    if (await isServerThere()) location.reload();
    throw error;
  }
}

type Loader<T> = () => Promise<T>;

const awaited = new Set<Loader<unknown>>();
const arrived = new WeakMap<Loader<unknown>, unknown>();

/** A part that nobody needs to begin with: `fetchAwaited` has it come by itself soon after. */
export function later<T>(load: Loader<T>): Loader<T> {
  const keep = async (): Promise<T> => {
    const part = await load();
    arrived.set(keep, part);
    awaited.delete(keep);
    return part;
  };
  awaited.add(keep);
  return keep;
}

/** What has come of it already, which is there at once. */
export function hereAlready<T>(load: Loader<T>): T | undefined {
  return arrived.get(load) as T | undefined;
}

/** A mark in the browser's timeline: from now on nothing is missing to whoever goes offline. */
const ALL_HERE = 'hahmo-parts-here';

/**
 * All that may be needed later comes now, and what those parts may need, for whoever goes offline.
 * What fails, comes at the next call, or when asked for.
 */
export async function fetchAwaited(): Promise<void> {
  const tried = new Set<Loader<unknown>>();
  for (;;) {
    const fresh = [...awaited].filter((load) => !tried.has(load));
    if (fresh.length === 0) break;
    for (const load of fresh) tried.add(load);
    await Promise.all(fresh.map((load) => load().catch(() => undefined)));
  }
  if (awaited.size === 0) performance.mark(ALL_HERE);
}

/** Call it when nothing else is to be done. Returns what calls it off. */
export function whenIdle(run: () => void): () => void {
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(run, PAUSE_MS); // not every browser tells
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run, { timeout: PAUSE_MS });
  return () => cancelIdleCallback(handle);
}

async function isServerThere(): Promise<boolean> {
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  return answer?.ok ?? false;
}
