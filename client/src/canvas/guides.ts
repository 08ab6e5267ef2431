/** Where what is carried stands level with what lies around it. Pure; board units. */
import type { Box } from '../layout/layout';

/** A line through both: `x` runs down at that x, `y` across at that y. */
export interface Guide {
  readonly axis: Axis;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** The small step onto those lines, if any. */
export interface Level {
  readonly dx: number;
  readonly dy: number;
  readonly guides: readonly Guide[];
}

type Axis = 'x' | 'y';

interface Match {
  readonly shift: number;
  readonly edge: number;
  readonly apart: number;
  readonly other: Box;
}

const LENGTH = { x: 'width', y: 'height' } as const;
/** Of what is further away nobody sees that it is level. */
const AROUND = 900;

/** Level with the nearest of `others` on each axis, by beginning, middle or end; within `reach`. */
export function levelWith(carried: Box, others: Iterable<Box>, reach: number): Level {
  const all = [...others];
  const across = nearest(carried, all, 'x', reach);
  const down = nearest(carried, all, 'y', reach);
  const [dx, dy] = [across?.shift ?? 0, down?.shift ?? 0];
  const moved = { ...carried, x: carried.x + dx, y: carried.y + dy };
  return {
    dx,
    dy,
    guides: [
      ...(across ? [lineThrough(moved, across, 'x')] : []),
      ...(down ? [lineThrough(moved, down, 'y')] : []),
    ],
  };
}

function nearest(carried: Box, others: readonly Box[], axis: Axis, reach: number): Match | null {
  const own = edgesOf(carried, axis);
  let best: Match | null = null;
  for (const other of others) {
    const apart = gap(carried, other, axis === 'x' ? 'y' : 'x');
    if (apart > AROUND) continue;
    for (const [at, edge] of edgesOf(other, axis).entries()) {
      const shift = edge - (own[at] ?? 0);
      if (Math.abs(shift) > reach || (best && !isNearer(shift, apart, best))) continue;
      best = { shift, edge, apart, other };
    }
  }
  return best;
}

function isNearer(shift: number, apart: number, best: Match): boolean {
  const difference = Math.abs(shift) - Math.abs(best.shift);
  return difference < 0 || (difference === 0 && apart < best.apart);
}

function edgesOf(box: Box, axis: Axis): readonly number[] {
  const [start, length] = [box[axis], box[LENGTH[axis]]];
  return [start, start + length / 2, start + length];
}

function gap(a: Box, b: Box, axis: Axis): number {
  const length = LENGTH[axis];
  return Math.max(0, a[axis] - b[axis] - b[length], b[axis] - a[axis] - a[length]);
}

function lineThrough(moved: Box, { edge, other }: Match, axis: Axis): Guide {
  const along = axis === 'x' ? 'y' : 'x';
  const length = LENGTH[along];
  return {
    axis,
    at: edge,
    from: Math.min(moved[along], other[along]),
    to: Math.max(moved[along] + moved[length], other[along] + other[length]),
  };
}
