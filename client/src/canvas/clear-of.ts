/** Where a bar opens without coming under the pointer that opened it. Screen positions, CSS pixels. */
import type { Point } from '../layout/layout';

type Edges = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

const AIR_PX = 8;

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
