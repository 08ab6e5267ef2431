/** What a facilitator does, in words for those who do not see it happen. */
import type { ReadOnlyReason } from '../workshop/rights';
import { duration, t } from '../i18n/i18n';
import { secondsLeft } from '../workshop/place';
import type { Announcement, Timer, Voting } from '../workshop/desk';

/** All of it that can be heard, as it stands at one moment. */
export interface Scene {
  /** The open board; null while there is none. */
  readonly board: string | null;
  readonly reason: ReadOnlyReason | null;
  /** What one may not do with notes, in words. */
  readonly bounds: string;
  readonly voting: Voting | null;
  /** Own dots that are left to give; null for who gives none. */
  readonly left: number | null;
  readonly timer: Timer | null;
  readonly message: Announcement | null;
  /** What is said to the group that one is with. */
  readonly groupMessage: Announcement | null;
}

/** What is new since `before` (null: the page was just opened). `now`: milliseconds by the server's clock. */
export function newsSince(before: Scene | null, scene: Scene, now: number): string[] {
  const isHere = before !== null && before.board === scene.board;
  return [
    ...messageNews(before?.message ?? null, scene.message, 'workshop.announced'),
    ...messageNews(before?.groupMessage ?? null, scene.groupMessage, 'message.said'),
    ...lockNews(isHere ? before.reason : null, scene.reason),
    ...(isHere ? boundsNews(before.bounds, scene.bounds) : []),
    ...(isHere ? votingNews(before.voting, scene) : []),
    ...(before ? timerNews(before.timer, scene.timer, now) : []),
  ];
}

function messageNews(
  before: Announcement | null,
  message: Announcement | null,
  words: 'workshop.announced' | 'message.said',
): string[] {
  const isNews = message && message.id !== before?.id;
  return isNews ? [t(words, { text: message.text })] : [];
}

function lockNews(before: ReadOnlyReason | null, reason: ReadOnlyReason | null): string[] {
  if (reason === 'locked' && before !== 'locked') return [t('board.read-only.locked-waits')];
  return before === 'locked' && reason === null ? [t('board.unlocked')] : [];
}

function boundsNews(before: string, bounds: string): string[] {
  return before === bounds ? [] : [bounds || t('bounds.lifted')];
}

function votingNews(before: Voting | null, { voting, left }: Scene): string[] {
  if (!voting) return [];
  const wasOpen = before?.open === true;
  const own = left === null ? [] : [t('votes.left', { n: left, dots: voting.dots })];
  const isRevealed = before?.hidden === true && !voting.hidden;
  return [
    ...(voting.open && !wasOpen ? [t('votes.opened'), ...own] : []),
    ...(wasOpen && !voting.open ? [t('votes.over')] : []),
    ...(isRevealed ? [t('votes.revealed')] : []),
  ];
}

function timerNews(before: Timer | null, timer: Timer | null, now: number): string[] {
  if (JSON.stringify(before) === JSON.stringify(timer)) return [];
  if (!timer) return [t('workshop.timer_stopped')];
  const time = duration(secondsLeft(timer, now));
  return [t(timer.paused === null ? 'workshop.timer_runs' : 'workshop.timer_paused', { time })];
}
