/** What a link says, read from one of its ends. */
import { endKey, otherEnd, type Link } from '../../document/links';
import type { Neighbours } from '../../replica/neighbours.svelte';
import { t } from '../../i18n/i18n';
import { describe, type Described } from './describe';

export interface LinkInWords {
  readonly link: Link;
  readonly other: Described;
  /** Such as "Became: ", to be followed by the other's words. */
  readonly says: string;
}

/** The links at an end, in words; the sooner named boards first. */
export function linksInWords(key: string, neighbours: Neighbours): LinkInWords[] {
  const order = neighbours.boards.map(({ id }) => id);
  const place = ({ other }: LinkInWords) => order.indexOf(other.end.board);
  return (neighbours.links.get(key) ?? [])
    .map((link) => ({
      link,
      other: describe(otherEnd(link, key), neighbours),
      says: saidFrom(link, key),
    }))
    .sort((a, b) => place(a) - place(b) || (a.link.id < b.link.id ? -1 : 1));
}

function saidFrom({ kind, from }: Link, key: string): string {
  if (kind === 'relates') return t('links.relates');
  return t(`links.${kind}-${endKey(from) === key ? 'to' : 'from'}`);
}
