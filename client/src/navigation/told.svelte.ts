/** What befalls the board that one is on: told as it happens. */
import { t } from '../i18n/i18n';
import { toasts } from '../browser/toasts.svelte';
import type { BoardInfo, Restored, Role } from '../workshop/desk';
import type { Place } from '../workshop/place';
import type { DeskState } from './desk.svelte';

const TOLD_SECONDS = 30;

interface Whereabouts {
  readonly desk: DeskState;
  /** Boards that everybody can go to. */
  readonly shared: readonly BoardInfo[];
  readonly place: Place;
  readonly title: (board: BoardInfo) => string;
}

/** The board that one is on is put away: why one stands elsewhere now. Called while mounting. */
export function followPutAway(navigation: Whereabouts): void {
  let before: { readonly id: string; readonly title: string } | null = null;
  $effect(() => {
    const { shared, place, desk } = navigation;
    const left = before;
    if (left && desk.board(left.id) && !shared.some(({ id }) => id === left.id)) {
      toasts.show(t('workshop.put-away', { board: left.title }), { seconds: TOLD_SECONDS });
    }
    const on = place.kind === 'shared' ? desk.board(place.board) : null;
    before = on && { id: on.id, title: navigation.title(on) };
  });
}

/** What a board that one is on goes back to is not one's own doing: say so, once each. */
export function newsOf(
  before: Restored | null | undefined,
  now: Restored | null,
  here: string | null,
  me: string,
): Restored | null {
  const isNews = before !== undefined && now !== null && now.id !== before?.id;
  return isNews && now.board === here && now.person !== me ? now : null;
}

/** Tell everybody who is on a board that it went back. Called while mounting. */
export function followWentBack(desk: DeskState, here: () => string | null): void {
  let before: Restored | null | undefined;
  $effect(() => {
    if (!desk.loaded) return;
    const { restored, people } = desk.now;
    const news = newsOf(before, restored, here(), desk.me.id);
    before = restored;
    if (!news) return;
    const name = people[news.person]?.name ?? t('note.somebody');
    toasts.show(t('board.went-back', { name }), { seconds: TOLD_SECONDS, topic: 'went-back' });
  });
}

/** Somebody who leads made one lead, take part or watch: what one may do is another now. */
export function followRole(desk: DeskState): void {
  let before: Role | null = null;
  $effect(() => {
    if (!desk.loaded) return;
    const { role } = desk.me;
    if (before !== null && before !== role) {
      toasts.show(t(`person.you_${role}`), { seconds: TOLD_SECONDS, topic: 'role' });
    }
    before = role;
  });
}
