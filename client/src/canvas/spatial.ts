/** Which note lies in a direction, as the eye would say. Boxes in board units. */
import { meet, type Box } from '../layout/layout';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** What lies aside counts for more than what lies ahead: rows and columns are followed. */
const ASIDE_WEIGHT = 2.5;
/** What lies more aside than ahead comes last: it is another direction. */
const WRONG_WAY = 1e6;

/** The nearest box from `id` in `direction`, or null at the edge of the board. */
export function nearest(
  boxes: ReadonlyMap<string, Box>,
  id: string,
  direction: Direction,
): string | null {
  const from = boxes.get(id);
  if (!from) return null;
  let best: string | null = null;
  let least = Infinity;
  for (const [other, box] of boxes) {
    if (other === id) continue;
    const cost = costOf(from, box, direction);
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}

function costOf(from: Box, to: Box, direction: Direction): number {
  const dx = centreX(to) - centreX(from);
  const dy = centreY(to) - centreY(from);
  const [ahead, aside] = {
    left: [-dx, dy],
    right: [dx, dy],
    up: [-dy, dx],
    down: [dy, dx],
  }[direction] as [number, number];
  if (ahead <= 1) return Infinity;
  const detour = Math.abs(aside) > ahead ? WRONG_WAY : 0;
  return detour + ahead + ASIDE_WEIGHT * Math.abs(aside);
}

/** Ids of the boxes that a rectangle touches. */
export function touching(boxes: ReadonlyMap<string, Box>, area: Box): string[] {
  return [...boxes].filter(([, box]) => meet(box, area)).map(([id]) => id);
}

function centreX(box: Box): number {
  return box.x + box.width / 2;
}

function centreY(box: Box): number {
  return box.y + box.height / 2;
}
