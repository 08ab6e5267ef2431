/** Putting a zone's notes and themes in order, as one step that can be undone. */
import { announce } from '../browser/announce.svelte';
import type { Note } from '../document/schema';
import type { Placement } from '../document/writer';
import { inMyLanguage, t } from '../i18n/i18n';
import { flowed, type Size } from '../layout/layout';
import type { ZoneState } from '../replica/board.svelte';
import { dotsOf } from './dots';
import { may, mayTryArranging } from './may-change';
import type { BoardSession } from './session.svelte';

/** What comes first. `rows`: what is read first, as it stands. */
export type Order = 'rows' | 'themes' | 'dots' | 'groups' | 'oldest';

/** A note by itself, or a theme with its notes. */
interface Block extends Size {
  readonly id: string;
  readonly notes: readonly Note[];
  readonly isTheme: boolean;
}

/** The orders that tell this zone's notes apart, and rows, which always may be straightened. */
export function ordersOf(session: BoardSession, zone: ZoneState): readonly Order[] {
  const blocks = blocksOf(zone);
  const differ = (rank: (block: Block) => number) => new Set(blocks.map(rank)).size > 1;
  return (['rows', 'themes', 'dots', 'groups', 'oldest'] as const).filter(
    (order) => order === 'rows' || differ(RANKS[order](session)),
  );
}

/** In rows from the zone's beginning; what ranks alike stays in the order in which it is read. */
export function tidy(session: BoardSession, zone: ZoneState, order: Order): void {
  if (!mayTryArranging(session, zone.spec.id)) return;
  // What is locked stays where it is.
  const places = placesIn(session, zone, order).filter(({ id }) => may(session, 'move', [id]));
  session.edits.moveNotes([], places);
  session.store.flush();
  announce(t('board.tidied', { zone: inMyLanguage(zone.spec.title) }));
}

/** All zones of the board, as one step that can be undone. False if nobody may, or nothing stands. */
export function tidyAll(session: BoardSession, order: Order): boolean {
  if (!mayTryArranging(session)) return false;
  const places = session.state.zones.flatMap((zone) => placesIn(session, zone, order));
  if (places.length === 0) return false;
  session.edits.moveNotes([], places);
  session.store.flush();
  return true;
}

function placesIn(session: BoardSession, zone: ZoneState, order: Order): Placement[] {
  const rank = RANKS[order](session);
  const blocks = [...blocksOf(zone)].sort((a, b) => rank(a) - rank(b));
  return Array.from(flowed(blocks, 0, zone.spec.columns), ([{ id }, { x, y }]): Placement => ({
    id,
    x,
    y,
  }));
}

const RANKS: Record<Order, (session: BoardSession) => (block: Block) => number> = {
  rows: () => () => 0,
  themes: () => (block) => (block.isTheme ? 0 : 1),
  dots: (session) => (block) => -dotsOf(session, block.notes),
  groups: (session) => (block) => Math.min(...block.notes.map((note) => groupOf(session, note))),
  oldest: () => (block) => Math.min(...block.notes.map(({ at }) => at)),
};

/** Of no group: after all groups. */
function groupOf(session: BoardSession, { group }: Note): number {
  return session.groups()[group ?? '']?.index ?? Number.MAX_SAFE_INTEGER;
}

function blocksOf(zone: ZoneState): readonly Block[] {
  const found = new Map<string, Note[]>();
  for (const { note } of zone.items) {
    const id = note.theme ?? note.id;
    found.set(id, [...(found.get(id) ?? []), note]);
  }
  return [...found].flatMap(([id, notes]): Block[] => {
    const frame = zone.layout.frames.get(id);
    const box = frame ?? zone.layout.places.get(id);
    return box
      ? [{ id, notes, isTheme: frame !== undefined, width: box.width, height: box.height }]
      : [];
  });
}
