/** What an answers board holds, as its view needs it. */
import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';
import type { End, Link } from '../../document/links';
import { spellEnd } from '../../document/links';
import type { Neighbours } from '../../replica/neighbours.svelte';
import { answersOf, answerText } from '../../document/schema';
import type { Replica } from '../../replica/replica.svelte';
import type { BoardSession } from '../../session/session.svelte';
import type { GroupMark } from '../../workshop/workshop';

/** How a dragged note is told from anything else that is dragged. */
export const DRAG_TYPE = 'application/x-hahmo-note';

export interface GroupAnswer {
  readonly key: string;
  readonly group: GroupMark;
}

/** The key of the text that is written on this board: on a group's board the group's own. */
export function writtenKey(session: Replica, question: string): string {
  const { group } = session.board;
  return group === null ? question : `${question}/${group}`;
}

const followed = new WeakMap<Y.Doc, () => void>();

/** Whatever reads answers from here on is told again when one of them changes. */
function follow({ doc }: Replica): void {
  const root = answersOf(doc);
  const subscribe =
    followed.get(doc) ??
    createSubscriber((changed) => {
      root.observeDeep(changed);
      return () => root.unobserveDeep(changed);
    });
  followed.set(doc, subscribe);
  subscribe();
}

/** A reader of answers that views may follow: `read(key)` is told again when an answer changes. */
export function answerReader(session: Replica): (key: string) => string {
  return (key) => {
    follow(session);
    return answerText(session.doc, key)?.toString() ?? '';
  };
}

/** The answers of groups to a question, in the groups' order; `own` is written elsewhere. */
export function groupAnswers(session: Replica, question: string, own: string): GroupAnswer[] {
  follow(session);
  const marks = session.groups();
  return [...answersOf(session.doc).keys()]
    .filter((key) => key.startsWith(`${question}/`) && key !== own)
    .flatMap((key) => {
      const group = marks[key.slice(question.length + 1)];
      return group ? [{ key, group }] : [];
    })
    .sort((a, b) => a.group.index - b.group.index || (a.key < b.key ? -1 : 1));
}

export function answerEnd(session: Replica, neighbours: Neighbours, key: string): End {
  return { board: neighbours.home(session.board), kind: 'answer', id: key };
}

/** The evidence that stands under an answer. */
export function evidenceFor(session: BoardSession, key: string): readonly Link[] {
  const { neighbours } = session;
  if (!neighbours) return [];
  return neighbours
    .linksAt(answerEnd(session, neighbours, key))
    .filter(({ kind, to }) => kind === 'evidence' && to.kind === 'answer' && to.id === key);
}

/** Put a note of another board under an answer. */
export function addEvidence(session: BoardSession, note: End, key: string): void {
  const { neighbours } = session;
  if (!neighbours || !session.mayWrite) return;
  const home = neighbours.home(session.board);
  const to = spellEnd({ board: home, kind: 'answer', id: key }, home);
  session.edits.addLink({ from: spellEnd(note, home), to, kind: 'evidence' }, home);
}
