/** What of a board can be linked to: its rows, its notes, its experiments, in reading order. */
import { endKey, likelyKind, type End, type LinkFields, spellEnd } from '../../document/links';
import type { Neighbours } from '../../replica/neighbours.svelte';
import { searchable } from '../../i18n/i18n';
import { answersOf, answerText } from '../../document/schema';
import { isVisible } from '../../text/plain';
import { firstWords } from '../common/labels';
import { describe, type Described } from './describe';

export function targetsOn(board: string, neighbours: Neighbours): Described[] {
  const session = neighbours.session(board);
  if (!session?.loaded) return [];
  void session.state.lastChange;
  const rows = session.view.kind === 'grid' ? (session.view.rows ?? []) : [];
  const ends: End[] = [
    ...rows.map(({ id }) => ({ board, kind: 'row' as const, id })),
    ...[...session.doc.getMap('experiments').keys()]
      .sort()
      .map((id) => ({ board, kind: 'experiment' as const, id })),
    ...session.state.zones.flatMap(({ items }) =>
      items.map(({ id }) => ({ board, kind: 'note' as const, id })),
    ),
  ];
  return ends.map((end) => describe(end, neighbours)).filter(({ state }) => state === 'there');
}

/** Answers that were written on a board, to be found: their own words, and as their place the question. */
export function answersOn(board: string, neighbours: Neighbours): Described[] {
  const session = neighbours.session(board);
  if (!session?.loaded) return [];
  const keys = [...answersOf(session.doc).keys()].sort();
  return (session.view.questions ?? []).flatMap(({ id: question }) =>
    keys
      .filter((key) => key === question || key.startsWith(`${question}/`))
      .flatMap((id): Described[] => {
        const text = answerText(session.doc, id)?.toString() ?? '';
        const asked = describe({ board, kind: 'answer', id }, neighbours);
        return isVisible(text)
          ? [{ ...asked, words: firstWords({ text }), text, place: asked.text }]
          : [];
      }),
  );
}

/** Those whose words, place or group hold every word that is looked for. */
export function matching(targets: readonly Described[], search: string): Described[] {
  const sought = searchable(search).split(/\s+/).filter(Boolean);
  return targets.filter(({ text, place, group }) => {
    const words = searchable(`${text} ${place} ${group?.name ?? ''}`);
    return sought.every((word) => words.includes(word));
  });
}

/** Boards whose items can be linked to. */
export function linkable(neighbours: Neighbours): readonly string[] {
  return ofKinds(neighbours, LINKABLE);
}

/** Boards on which there is something to be found. */
export function searched(neighbours: Neighbours): readonly string[] {
  return ofKinds(neighbours, [...LINKABLE, 'answers']);
}

const LINKABLE: readonly string[] = ['notes', 'grid', 'plan', 'survey'];

function ofKinds(neighbours: Neighbours, kinds: readonly string[]): readonly string[] {
  return neighbours.boards.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
}

/** The link between an item and what was chosen for it, as `home`'s document spells it. */
export function linkBetween(end: End, target: End, neighbours: Neighbours): LinkFields {
  const zoneOf = ({ board, kind, id }: End) =>
    (kind === 'note' && neighbours.session(board)?.store.notes.get(id)?.zone) || null;
  const backwards = likelyKind(target, end, zoneOf) === 'became';
  const [from, to] = backwards ? [target, end] : [end, target];
  const home = end.board;
  return {
    from: spellEnd(from, home),
    to: spellEnd(to, home),
    kind: likelyKind(from, to, zoneOf),
  };
}

/** Keys of what an item is linked with already, and its own. */
export function takenBy(end: End, neighbours: Neighbours): ReadonlySet<string> {
  const key = endKey(end);
  const links = neighbours.links.get(key) ?? [];
  return new Set([key, ...links.flatMap(({ from, to }) => [endKey(from), endKey(to)])]);
}
