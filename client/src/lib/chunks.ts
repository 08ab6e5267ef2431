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
  await Promise.all([...missing].map(fetchSheet));
  return load();
}

/** Sheets that failed: those of the page, which have all come or failed by now, and later ones. */
const missing = new Set(
  [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter(
    ({ sheet }) => sheet === null,
  ),
);
addEventListener('error', ({ target }) => void (isSheet(target) && missing.add(target)), true);

function isSheet(target: EventTarget | null): target is HTMLLinkElement {
  return target instanceof HTMLLinkElement && target.rel === 'stylesheet';
}

function fetchSheet(link: HTMLLinkElement): Promise<void> {
  missing.delete(link);
  return new Promise((done, fail) => {
    const fresh = link.cloneNode() as HTMLLinkElement;
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

async function isServerThere(): Promise<boolean> {
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  return answer?.ok ?? false;
}
