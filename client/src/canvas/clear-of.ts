/** Where a bar opens without coming under the pointer that opened it. Screen positions, CSS pixels. */
import type { Point } from '../layout/layout';

export type Edges = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

const AIR_PX = 8;
/** From a note, with its ring and what stands over its edges, to the bar beside it. */
const GAP_PX = 18;

/**
 * Above a note or below it, whole within `room`, and where less lies under it; null where it has no
 * place. Gives its corner. `covers`: how much lies under it there, Infinity where it must not be.
 */
export function besideNote(
  bar: { readonly width: number; readonly height: number },
  note: Edges,
  room: Edges,
  covers: (at: Point) => number = () => 0,
): Point | null {
  const most = room.right - AIR_PX - bar.width;
  const isAside = note.right < room.left || note.left > room.right;
  if (most < room.left + AIR_PX || isAside) return null;
  const middle = (note.left + note.right - bar.width) / 2;
  const x = Math.max(room.left + AIR_PX, Math.min(most, middle));
  const places = [note.top - GAP_PX - bar.height, note.bottom + GAP_PX]
    .filter((y) => y >= room.top && y + bar.height <= room.bottom)
    .map((y) => ({ at: { x, y }, under: covers({ x, y }) }))
    .filter(({ under }) => under < Infinity)
    .sort((a, b) => a.under - b.under);
  return places[0]?.at ?? null;
}

/**
 * How far to raise a bar above its usual place so that it clears what was pressed: 0 where it is not
 * in the way, or where there is no room above.
 */
export function liftAbove(bar: Edges, pressed: Point, note: Edges, ceiling: number): number {
  const inTheWay =
    pressed.x >= bar.left - AIR_PX &&
    pressed.x <= bar.right + AIR_PX &&
    pressed.y >= bar.top - AIR_PX &&
    pressed.y <= bar.bottom + AIR_PX;
  if (!inTheWay) return 0;
  const lift = bar.bottom - (Math.min(note.top, pressed.y) - AIR_PX);
  return bar.top - lift < ceiling ? 0 : lift;
}
