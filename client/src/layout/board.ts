/**
 * How the zones of a board stand on a screen: side by side as long as that can be read there, else
 * in more rows. Sizes are board units unless they are called px.
 */
import { fieldWidth, type Box, type Point, type ZoneLayout } from './layout';
import type { ZoneSpec } from './zones';

export const ZONE_GAP = 24;
/** Beside the rows of a grid, where their titles stand. */
export const TITLE_PX = 176;
/** Empty room kept under the last note, so that there is always a place to write. */
const SPARE = 150;
const CELL_SPARE = 40;
const MIN_FIELD_HEIGHT = 420;
/** Of a row of a grid in which nothing stands. */
const EMPTY_CELL_HEIGHT = 88;

interface Spot {
  readonly row: number;
  readonly column: number;
}

export interface Arrangement {
  /** By zone. */
  readonly spots: ReadonlyMap<string, Spot>;
  /** Where the rows of a grid are named. */
  readonly titles: 'none' | 'beside' | 'above';
  readonly width: number;
}

/** Of a screen: `px` between its margins, and the zoom below which nobody reads. */
export interface Room {
  readonly px: number;
  readonly least: number;
}

/** Where each zone stands, by what can be read in this room and never by what is written. */
export function arrange(specs: readonly ZoneSpec[], room: Room): Arrangement {
  return specs.some(({ cell }) => cell) ? arrangeGrid(specs, room) : arrangeRow(specs, room);
}

/** In as few rows as there can be, each about as long as the others. */
function arrangeRow(specs: readonly ZoneSpec[], { px, least }: Room): Arrangement {
  const widest = Math.max(1, ...specs.map(({ columns }) => fieldWidth(columns)));
  const fitting = Math.max(1, Math.floor((px / least + ZONE_GAP) / (widest + ZONE_GAP)));
  const rows = Math.max(1, Math.ceil(specs.length / fitting));
  const perRow = Math.max(1, Math.ceil(specs.length / rows));
  const spots = specs.map(({ id }, at): [string, Spot] => [
    id,
    { row: Math.floor(at / perRow), column: at % perRow },
  ]);
  return arranged(specs, new Map(spots), 'none');
}

/** Cells of a row stand beside each other; on a wide screen two rows do, on a narrow one not even cells. */
function arrangeGrid(specs: readonly ZoneSpec[], { px, least }: Room): Arrangement {
  const rows = [...new Set(specs.map(({ row }) => row))];
  const columns = 1 + Math.max(0, ...specs.map(({ column }) => column));
  const cell = Math.max(1, ...specs.map((spec) => fieldWidth(spec.columns)));
  const width = (count: number) => count * cell + (count - 1) * ZONE_GAP;
  const isNarrow = columns > 1 && px < width(2) * least;
  const isWide = rows.length > 1 && px >= width(2 * columns);
  const spotOf = ({ row, column }: ZoneSpec): Spot => {
    const at = rows.indexOf(row);
    if (isNarrow) return { row: at * columns + column, column: 0 };
    if (isWide) return { row: Math.floor(at / 2), column: column + (at % 2) * columns };
    return { row: at, column };
  };
  const isRoomBeside = !isNarrow && !isWide && width(columns) * least + TITLE_PX <= px;
  const spots = new Map(specs.map((spec) => [spec.id, spotOf(spec)]));
  return arranged(specs, spots, isRoomBeside ? 'beside' : 'above');
}

function arranged(
  specs: readonly ZoneSpec[],
  spots: ReadonlyMap<string, Spot>,
  titles: Arrangement['titles'],
): Arrangement {
  const widths = greatest(specs, spots, 'column', ({ columns }) => fieldWidth(columns));
  const width = widths.reduce((sum, each) => sum + each + ZONE_GAP, 0);
  return { spots, titles, width: Math.max(0, width - ZONE_GAP) };
}

/** Heights of what has its own size on the screen, whatever the zoom; board units at the zoom of now. */
export interface Heads {
  /** By zone. */
  readonly zones: ReadonlyMap<string, number>;
  /** By row of a grid. */
  readonly titles: ReadonlyMap<number, number>;
}

/** One zone on the board: its box with heading, and where its field begins. */
export interface ZoneBox extends Box {
  readonly fieldY: number;
}

export interface BoardLayout {
  readonly zones: ReadonlyMap<string, ZoneBox>;
  /** By row of a grid: all its cells, with the title where that is above them. */
  readonly rows: ReadonlyMap<number, Box>;
  readonly width: number;
  readonly height: number;
}

/** A column is as wide, a row as tall, as its greatest zone. `extra`: empty room to add below each row. */
export function layoutBoard(
  specs: readonly ZoneSpec[],
  arrangement: Arrangement,
  layouts: ReadonlyMap<string, ZoneLayout>,
  heads: Heads,
  extra = 0,
): BoardLayout {
  const { spots, titles, width } = arrangement;
  const widths = greatest(specs, spots, 'column', ({ columns }) => fieldWidth(columns));
  const headings = greatest(specs, spots, 'row', ({ id }) => heads.zones.get(id) ?? 0);
  const titleOf = ({ row }: ZoneSpec) => heads.titles.get(row) ?? 0;
  const above = greatest(specs, spots, 'row', (spec) =>
    titles === 'above' && isFirstOfRow(specs, spots, spec) ? titleOf(spec) : 0,
  );
  const heights = greatest(specs, spots, 'row', (spec) => {
    const head = headings[spots.get(spec.id)?.row ?? 0] ?? 0;
    const needed = head + fieldHeight(spec, layouts.get(spec.id)) + extra;
    return titles === 'beside' ? Math.max(needed, titleOf(spec)) : needed;
  });
  const lefts = startsOf(widths);
  const tops = startsOf(heights.map((height, row) => height + (above[row] ?? 0)));
  const boxOf = ({ id }: ZoneSpec): ZoneBox => {
    const { row, column } = spots.get(id) ?? { row: 0, column: 0 };
    const y = (tops[row] ?? 0) + (above[row] ?? 0);
    return {
      x: lefts[column] ?? 0,
      y,
      width: widths[column] ?? 0,
      height: heights[row] ?? 0,
      fieldY: y + (headings[row] ?? 0),
    };
  };
  const zones = new Map(specs.map((spec) => [spec.id, boxOf(spec)]));
  const bottoms = [...zones.values()].map(({ y, height }) => y + height);
  return {
    zones,
    rows: titles === 'none' ? new Map() : rowsOf(specs, zones, titles === 'above' ? titleOf : none),
    width,
    height: Math.max(0, ...bottoms),
  };
}

const none = () => 0;

/** A title stands over the first cell of its row, also where the others stand below that one. */
function isFirstOfRow(
  specs: readonly ZoneSpec[],
  spots: ReadonlyMap<string, Spot>,
  spec: ZoneSpec,
): boolean {
  const first = specs.find(({ row }) => row === spec.row);
  return first !== undefined && spots.get(first.id)?.row === spots.get(spec.id)?.row;
}

function rowsOf(
  specs: readonly ZoneSpec[],
  zones: ReadonlyMap<string, ZoneBox>,
  above: (spec: ZoneSpec) => number,
): Map<number, Box> {
  const rows = new Map<number, Box>();
  for (const spec of specs) {
    const box = zones.get(spec.id);
    if (!box) continue;
    const before = rows.get(spec.row);
    const x = before?.x ?? box.x;
    const y = before?.y ?? box.y - above(spec);
    rows.set(spec.row, { x, y, width: box.x + box.width - x, height: box.y + box.height - y });
  }
  return rows;
}

function fieldHeight({ cell }: ZoneSpec, layout: ZoneLayout | undefined): number {
  const height = layout?.height ?? 0;
  if (!cell) return Math.max(MIN_FIELD_HEIGHT, height + SPARE);
  return height === 0 ? EMPTY_CELL_HEIGHT : height + CELL_SPARE;
}

/** The zone at a point of the board, or the nearest one where the point is between zones. */
export function zoneAt(board: BoardLayout, point: Point): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const [id, box] of board.zones) {
    const distance = distanceTo(box, point);
    if (distance < least) [best, least] = [id, distance];
  }
  return best;
}

function greatest(
  specs: readonly ZoneSpec[],
  spots: ReadonlyMap<string, Spot>,
  axis: keyof Spot,
  size: (spec: ZoneSpec) => number,
): number[] {
  const sizes: number[] = [];
  for (const spec of specs) {
    const at = spots.get(spec.id)?.[axis] ?? 0;
    sizes[at] = Math.max(sizes[at] ?? 0, size(spec));
  }
  return sizes;
}

function startsOf(sizes: readonly number[]): number[] {
  const starts: number[] = [];
  let start = 0;
  for (const size of sizes) {
    starts.push(start);
    start += size + ZONE_GAP;
  }
  return starts;
}

function distanceTo(box: Box, point: Point): number {
  const dx = Math.max(box.x - point.x, 0, point.x - box.x - box.width);
  const dy = Math.max(box.y - point.y, 0, point.y - box.y - box.height);
  return Math.hypot(dx, dy);
}
