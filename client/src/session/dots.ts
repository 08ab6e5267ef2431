/** Giving dots and taking them back: the same from note, list, menu and keyboard. */
import type { Replica } from '../replica/replica.svelte';
import type { BoardSession } from './session.svelte';
import { announce } from '../browser/announce.svelte';
import { t } from '../i18n/i18n';
import { toasts } from '../browser/toasts.svelte';
import { mayChange } from './may-change';

/** Dots can be given here and now. */
export function isVoting({ voting, mayWrite }: BoardSession): boolean {
  return mayWrite && voting()?.open === true;
}

/** There is something to be seen or pressed at a note. */
export function hasDots(session: BoardSession, note: string): boolean {
  return isVoting(session) || shownDots(session, note) > 0;
}

/** How many dots a note has as far as one may know: everybody's, or while hidden one's own. */
export function shownDots({ voting, votes }: Replica, note: string): number {
  return (voting()?.hidden === true ? votes.own : votes.all).get(note) ?? 0;
}

/** Of several notes together, such as those of a theme. */
export function dotsOf(session: Replica, notes: readonly { readonly id: string }[]): number {
  return notes.reduce((sum, { id }) => sum + shownDots(session, id), 0);
}

export function giveDot(session: BoardSession, note: string): void {
  if (!mayChange(session)) return;
  const voting = session.voting();
  if (!voting || !isVoting(session)) return refuse(t('votes.closed'));
  if (!isConnected(session)) return refuse(t('votes.offline'));
  if (session.votes.give(note, voting)) tellLeft(session);
  else refuse(t('votes.none-left', { n: voting.dots }));
}

export function takeDotBack(session: BoardSession, note: string): void {
  if (!mayChange(session)) return;
  const voting = session.voting();
  if (!voting || !isVoting(session)) return refuse(t('votes.closed'));
  if (!isConnected(session)) return refuse(t('votes.offline'));
  if (session.votes.takeBack(note, voting)) tellLeft(session);
  else refuse(t('votes.none-here'));
}

/** What a note's name tells of its dots; nothing where there is nothing to tell. */
export function dotsInWords(session: BoardSession, note: string): string[] {
  const own = session.votes.own.get(note) ?? 0;
  const shown = shownDots(session, note);
  const hidden = session.voting()?.hidden === true;
  return [
    ...(shown > 0 && !hidden ? [t('votes.count', { n: shown })] : []),
    ...(own > 0 ? [t('votes.own', { n: own })] : []),
  ];
}

function tellLeft(session: BoardSession): void {
  const voting = session.voting();
  if (voting) announce(t('votes.left', { n: session.votes.left(voting), dots: voting.dots }));
}

/** No dot was given or taken: in sight, and heard since messages are a live region. */
function refuse(why: string): void {
  toasts.show(why, { topic: 'dots' });
}

/** A dot that arrives after voting has closed is refused: none is given where that can happen. */
function isConnected({ status }: BoardSession): boolean {
  return status !== 'offline' && status !== 'connecting';
}
