/** What a moment of a board's history is called. */
import { listOfSome, t } from '../../i18n/i18n';
import type { DeskState } from '../../navigation/desk.svelte';
import type { GroupMark } from '../../workshop/workshop';
import { nameOf, whenWords } from '../people/deletions.svelte';
import type { Moment } from './replay.svelte';

const MOST_NAMES = 3;
const COUNTED = ['added', 'changed', 'moved', 'deleted', 'answers', 'experiments'] as const;

export interface MomentWords {
  readonly when: string;
  readonly what: string;
  /** Null where the server did it, as it brings groups' work home. */
  readonly who: string | null;
}

/** `groups`: the groups of all breakouts, by id. */
export function momentWords(
  desk: DeskState,
  groups: Readonly<Record<string, GroupMark>>,
  moment: Moment,
): MomentWords {
  const brought = moment.brought.map(({ group, notes }) =>
    t('replay.brought', { group: groups[group]?.name ?? t('replay.a-group'), n: notes }),
  );
  const counted = COUNTED.filter((kind) => moment[kind] > 0).map((kind) =>
    t(`replay.${kind}`, { n: moment[kind] }),
  );
  const what = [...brought, ...counted];
  const isEmpty = moment.notes === 0 && moment.who.length === 0;
  const names = moment.who.map((person) => nameOf(desk, person));
  return {
    when: whenWords(moment.at),
    what: what.length > 0 ? what.join('; ') : t(isEmpty ? 'replay.empty' : 'replay.small'),
    who: names.length > 0 ? listOfSome(names, MOST_NAMES) : null,
  };
}

/** As one line. */
export function inOneLine({ when, what, who }: MomentWords): string {
  return who === null ? `${when} ${what}` : `${when} ${what} · ${who}`;
}
