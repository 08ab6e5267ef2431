/** What passes between people, their groups at work, and who leads. */
import type { Announcement, Desk, Group, Person } from './desk';
import { openBreakout, type Place } from './place';

/** A group that asks for help. `since`: ms since 1970; `index` gives its letter and colour. */
export interface Call {
  readonly breakout: string;
  readonly group: Group;
  readonly index: number;
  readonly since: number;
}

/** Who has waited longest comes first. */
export function calling(desk: Desk): Call[] {
  const open = openBreakout(desk);
  if (!open) return [];
  return open.groups
    .flatMap((group, index) =>
      group.help === null ? [] : [{ breakout: open.id, group, index, since: group.help }],
    )
    .sort((a, b) => a.since - b.since);
}

/** What who leads says to the group on whose board one is. */
export function messageAt(place: Place): Announcement | null {
  return place.kind === 'group' && place.seat.breakout.state === 'open'
    ? place.seat.group.message
    : null;
}

/** How many of those who take part and are here are ready. */
export interface Readiness {
  readonly ready: number;
  readonly all: number;
}

/** Whose hand is up; who has waited longest comes first. */
export function handsUp(desk: Desk): Person[] {
  return Object.values(desk.people)
    .filter(({ hand }) => hand !== null)
    .sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
}

export function readiness(desk: Desk, here: ReadonlySet<string>): Readiness {
  const people = Object.values(desk.people).filter(
    ({ id, role }) => role === 'participant' && here.has(id),
  );
  return { ready: people.filter(({ ready }) => ready !== null).length, all: people.length };
}

export function isAnybodyReady(desk: Desk): boolean {
  return Object.values(desk.people).some(({ ready }) => ready !== null);
}
