/** Groups as a list that was pasted says them: names only, whoever is here. */
import { folded, isVisible, plainLine } from '../../text/plain';
import { MOST_GROUPS } from '../../workshop/groups';

export interface ListedGroup {
  /** Empty where the list has none. */
  readonly name: string;
  /** Names of people, as they stand in the list. */
  readonly people: readonly string[];
}

/**
 * Each line a group ("Koivu: Anna, Ben"), or from a spreadsheet each line a person: the name and,
 * behind a tab or semicolon, the group. Nobody is in two groups: the first counts.
 */
export function readList(text: string): ListedGroup[] {
  const lines = text.split(/\r?\n/).filter(isVisible);
  const found = lines.some((line) => /[\t;]/.test(line)) ? byPerson(lines) : lines.map(byGroup);
  const seen = new Set<string>();
  return found
    .map(({ name, people }) => ({ name, people: people.filter((each) => isNew(each, seen)) }))
    .filter(({ people }) => people.length > 0)
    .slice(0, MOST_GROUPS);
}

/** Which of these people each group has; whom the list has twice, by the same name, sit together. */
export function seated(
  groups: readonly ListedGroup[],
  people: readonly { readonly id: string; readonly name: string }[],
): { groups: string[][]; missing: string[] } {
  const ids = new Map<string, string[]>();
  for (const { id, name } of people) ids.set(folded(name), [...(ids.get(folded(name)) ?? []), id]);
  return {
    groups: groups.map((group) => group.people.flatMap((name) => ids.get(folded(name)) ?? [])),
    missing: groups.flatMap((group) => group.people.filter((name) => !ids.has(folded(name)))),
  };
}

function byGroup(line: string): ListedGroup {
  const [head = '', ...rest] = line.split(':');
  const people = rest.length > 0 ? rest.join(':') : head;
  return { name: rest.length > 0 ? plainLine(head) : '', people: namesIn(people.split(',')) };
}

function byPerson(lines: readonly string[]): ListedGroup[] {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const [person = '', group = ''] = line.split(/[\t;]/).map(plainLine);
    groups.set(group, [...(groups.get(group) ?? []), ...namesIn([person])]);
  }
  return Array.from(groups, ([name, people]) => ({ name, people }));
}

function namesIn(parts: readonly string[]): string[] {
  return parts.map(plainLine).filter(isVisible);
}

function isNew(name: string, seen: Set<string>): boolean {
  const key = folded(name);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
