/** When a group did something last, and since when it is quiet. */
import type { Group, Person } from '../../workshop/desk';

/** So long without a change is worth a look. */
export const QUIET_MINUTES = 3;
/** What a board brings along as it comes is no change. */
const COMING_MS = 1_000;

/** What is seen of a group's board; times in ms since 1970. */
export interface Seen {
  /** When the board had come. */
  readonly loadedAt: number;
  /** The last change that was seen on it, 0 for none. */
  readonly lastChange: number;
  /** When its notes were written. */
  readonly written: Iterable<number>;
}

/** The last that is known to have happened on a board; 0 when nothing is. */
export function lastActivity({ loadedAt, lastChange, written }: Seen): number {
  const seen = lastChange > loadedAt + COMING_MS ? lastChange : 0;
  let newest = 0;
  for (const at of written) newest = Math.max(newest, at);
  return Math.max(seen, newest);
}

/** Whole minutes that a group at work has been quiet for; null while that is not long. */
export function quietMinutes(activity: number, begun: number, now: number): number | null {
  const minutes = Math.floor((now - Math.max(activity, begun)) / 60_000);
  return minutes >= QUIET_MINUTES ? minutes : null;
}

/** What the members of a group show: how many hands, and who of those who are here is ready. */
export function signsOf(
  group: Group,
  people: Readonly<Record<string, Person>>,
  here: ReadonlySet<string>,
): { readonly hands: readonly Person[]; readonly ready: number; readonly all: number } {
  const members = group.people.flatMap((id) => people[id] ?? []);
  const present = members.filter(({ id }) => here.has(id));
  return {
    hands: members.filter(({ hand }) => hand !== null),
    ready: present.filter(({ ready }) => ready !== null).length,
    all: present.length,
  };
}
