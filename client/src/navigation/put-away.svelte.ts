import { t } from '../i18n/i18n';
import { toasts } from '../browser/toasts.svelte';
import type { BoardInfo } from '../workshop/desk';
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
