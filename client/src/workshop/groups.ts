/** Splitting people into groups. Groups are lists of person ids; index 0 is group A. */
import { FIELD_LIMITS } from '../text/limits';

export type Groups = readonly (readonly string[])[];

export const MOST_GROUPS = FIELD_LIMITS.groups;

/** How many groups to offer first: about four people each, at least two groups. */
export function likelyGroups(people: number): number {
  return Math.min(MOST_GROUPS, Math.max(2, Math.round(people / 4)));
}

/** A shuffled copy. `dice` gives numbers in [0, 1). Source: Fisher and Yates. */
export function shuffled(people: readonly string[], dice: () => number): string[] {
  const deck = [...people];
  for (let last = deck.length - 1; last > 0; last--) {
    const other = Math.floor(dice() * (last + 1));
    [deck[last], deck[other]] = [deck[other] as string, deck[last] as string];
  }
  return deck;
}

/** Deal people into `count` groups whose sizes differ by one at most. */
export function deal(people: readonly string[], count: number): string[][] {
  const groups: string[][] = Array.from({ length: count }, () => []);
  people.forEach((person, index) => groups[index % count]?.push(person));
  return groups;
}

/** The same groups with `person` in group `to`; null takes the person out of all. */
export function moved(groups: Groups, person: string, to: number | null): string[][] {
  return groups.map((group, index) => {
    const others = group.filter((id) => id !== person);
    return index === to ? [...others, person] : others;
  });
}

/**
 * Another number of groups, with as few people moved as possible: people of groups that go, and
 * those that a new group needs to be as large as the rest, are dealt again.
 */
export function resized(groups: Groups, count: number): string[][] {
  const kept = Array.from({ length: count }, (_, index) => [...(groups[index] ?? [])]);
  const homeless = groups.slice(count).flat();
  homeless.forEach((person) => smallest(kept).push(person));
  while (kept.length > 1 && largest(kept).length - smallest(kept).length > 1) {
    const person = largest(kept).pop();
    if (person !== undefined) smallest(kept).push(person);
  }
  return kept;
}

/** Bring the plan in line with who is here: people who left go, people who came are placed if asked. */
export function reconciled(groups: Groups, here: readonly string[], place: boolean): string[][] {
  const present = new Set(here);
  const kept = groups.map((group) => group.filter((id) => present.has(id)));
  const placed = new Set(kept.flat());
  const newcomers = place ? here.filter((id) => !placed.has(id)) : [];
  newcomers.forEach((person) => smallest(kept).push(person));
  return kept;
}

/** People of nobody's group, in the order given. */
export function unplaced(groups: Groups, here: readonly string[]): string[] {
  const placed = new Set(groups.flat());
  return here.filter((id) => !placed.has(id));
}

/** Deal page numbers 1 … `pages` to groups in turn; with more groups than pages they share pages. */
export function dealPages(pages: number, count: number): number[][] {
  return Array.from({ length: count }, (_, group) => {
    const own = Array.from({ length: pages }, (_, page) => page + 1).filter(
      (page) => (page - 1) % count === group,
    );
    return own.length > 0 ? own : [(group % pages) + 1];
  });
}

/** Pages that no group fills in, and pages that several do; a group without any fills in all. */
export function pagesAmiss(
  pages: number,
  groups: readonly (readonly number[])[],
): { none: number[]; several: number[] } {
  const all = Array.from({ length: pages }, (_, page) => page + 1);
  const times = (page: number) => groups.filter((own) => own.includes(page)).length;
  const covered = groups.some((own) => own.length === 0);
  return {
    none: covered ? [] : all.filter((page) => times(page) === 0),
    several: all.filter((page) => times(page) > 1),
  };
}

function smallest(groups: string[][]): string[] {
  return groups.reduce((least, group) => (group.length < least.length ? group : least));
}

function largest(groups: string[][]): string[] {
  return groups.reduce((most, group) => (group.length > most.length ? group : most));
}
