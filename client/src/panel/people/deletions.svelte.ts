/** Notes that somebody deleted, on whatever board: who leads is told, and can bring them back. */
import { untrack } from 'svelte';
import { announce } from '../../browser/announce.svelte';
import { type Deletion } from '../../api/api';
import { leadApi } from '../../api/lead-api';
import { sentenceOf } from '../../api/errors';
import { clockTime, dayWords, t } from '../../i18n/i18n';
import { toasts } from '../../browser/toasts.svelte';
import type { Notice } from '../../net/wire/wire';
import type { DeskState } from '../../navigation/desk.svelte';
import type { Navigation } from '../../navigation/navigation.svelte';

type Whose = Pick<Deletion, 'person' | 'board' | 'from' | 'until'>;

/** Tell a facilitator, wherever they are. Answers what ends it. */
export function followDeletions(desk: DeskState, navigation: Navigation): () => void {
  return $effect.root(() => {
    const counts = new Map<string, number>();
    $effect(() => {
      const { deleted } = desk;
      if (!desk.loaded) return;
      untrack(() => {
        for (const notice of deleted.values()) tell(desk, navigation, notice, counts);
      });
    });
  });
}

function tell(
  desk: DeskState,
  navigation: Navigation,
  notice: Notice,
  counts: Map<string, number>,
): void {
  const { id, count, deleted } = notice;
  const topic = `deleted-${id}`;
  const stands = toasts.all.some((toast) => toast.topic === topic);
  const now = whatToSay(count, counts.get(id) ?? 0, stands);
  counts.set(id, count);
  if (now === 'forget') toasts.forget(topic);
  if (now !== 'say' || !deleted) return;
  const said = { name: nameOf(desk, deleted.person), n: count };
  toasts.show(
    t(wordsFor(desk, deleted.board, 'deleted.told'), {
      ...said,
      board: navigation.belongings.nameOf(deleted.board),
    }),
    {
      action: { label: t('deleted.bring'), run: () => void bringNow(desk, deleted) },
      topic,
    },
  );
}

/** `stands`: the message is there. One that was closed comes again only when it has become more. */
export function whatToSay(count: number, before: number, stands: boolean): 'say' | 'forget' | null {
  if (count === 0) return 'forget';
  return count > before || (stands && count < before) ? 'say' : null;
}

async function bringNow(desk: DeskState, whose: Whose): Promise<void> {
  await bringBack(desk, whose).catch((error: unknown) => toasts.problem(sentenceOf(error).detail));
}

/** Raises as every call does. */
export async function bringBack(desk: DeskState, whose: Whose): Promise<void> {
  const { person, board, from, until } = whose;
  const { restored } = await leadApi.restoreDeleted(desk.workshop, { person, board, from, until });
  announce(t(wordsFor(desk, board ?? '', 'deleted.restored'), { n: restored }));
}

/** On a plan not only notes are deleted. */
export function wordsFor<K extends 'deleted.told' | 'deleted.count' | 'deleted.restored'>(
  desk: DeskState,
  board: string,
  key: K,
): K | `${K}-plan` {
  return desk.board(board)?.kind === 'plan' ? `${key}-plan` : key;
}

/** Who that is, also when they are no longer here. */
export function nameOf({ now }: DeskState, person: string | null): string {
  return now.people[person ?? '']?.name ?? t('note.somebody');
}

/** When it was: the time, and the day unless it is today. */
export function whenWords(at: number): string {
  const [day, today] = [at, Date.now()].map((time) => dayOf(new Date(time)));
  return day === today || day === undefined ? clockTime(at) : `${dayWords(day)} ${clockTime(at)}`;
}

function dayOf(date: Date): string {
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
