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

async function isServerThere(): Promise<boolean> {
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  return answer?.ok ?? false;
}
