/** While somebody types their name, the board comes already. */
const PAUSE_MS = 800;
let coming: Promise<unknown> = Promise.resolve();
let leaving = false;

/** Begin to fetch what the next page needs. One that fails is fetched again there, and told of. */
export function fetchAhead(load: () => Promise<unknown>): Promise<unknown> {
  coming = load().catch(() => undefined);
  return coming;
}

/** After a pause: the next page waits already, and nothing more is worth fetching for this one. */
export async function isLeaving(): Promise<boolean> {
  await new Promise((done) => setTimeout(done, PAUSE_MS));
  return leaving;
}

/** Resolves when it is here: leaving earlier would throw away what has come of it. */
export function fetchedAhead(): Promise<unknown> {
  leaving = true;
  return coming;
}
