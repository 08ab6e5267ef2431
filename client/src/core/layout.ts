/**
 * Where notes and zones stand, in board units. Positions are relative to a zone's field: the area
 * under its heading, so that longer headings in another language move nothing.
 */
import { NOTE_MIN_HEIGHT, NOTE_WIDTH, noteHeight } from './measure';
import { readingOrder } from './order';
import { clampToField, type NoteVM } from './schema';
import type { ZoneSpec } from './zones';

export const GAP = 20;
export const ZONE_GAP = 36;
const PITCH = NOTE_WIDTH + GAP;
const BASE_COLUMNS = 3;
const MAX_FLOW_COLUMNS = 6;
/** Empty room kept under the last note, so that there is always a place to write. */
const SPARE = 150;
const MIN_FIELD_HEIGHT = 420;
const GRID_FIELD_HEIGHT = 260;
/** Notes closer than this would hide one another (two people wrote at the same moment). */
const NEAR = 16;
const NUDGE = 26;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** False for a note this board has no placement for: it flows below the placed ones. */
  readonly placed: boolean;
}

export interface ZoneLayout {
  /** Note ids in reading order. */
  readonly order: readonly string[];
  readonly places: ReadonlyMap<string, Place>;
  /** Size of the field that the notes need. */
  readonly width: number;
  readonly height: number;
}

/** Place every note of one zone; the same notes give the same layout on every screen. */
export function layoutZone(notes: Iterable<NoteVM>): ZoneLayout {
  const ordered = readingOrder(notes);
  const places = new Map<string, Place>();
  const unplaced = ordered.filter((note) => note.x === null);
  for (const place of placedAsWritten(ordered)) places.set(...place);
  const extent = extentOf(places.values());
  const columns = Math.max(columnsIn(extent.width), columnsFor(unplaced.length));
  for (const place of flowed(unplaced, extent.height, columns)) places.set(...place);
  const { width, height } = extentOf(places.values());
  const least = GAP + BASE_COLUMNS * PITCH;
  return { order: ordered.map(({ id }) => id), places, width: Math.max(least, width), height };
}

/** Free places for a new note, in reading order: never on top of another, at most `count`. */
export function freePlaces(zone: ZoneLayout, height: number, count: number): Point[] {
  const found: Point[] = [];
  const columns = columnsIn(zone.width);
  const taken = [...zone.places.values()];
  const rowPitch = NOTE_MIN_HEIGHT + GAP;
  for (let row = 0; found.length < count; row += 1) {
    for (let column = 0; column < columns && found.length < count; column += 1) {
      const at = { x: GAP + column * PITCH, y: GAP + row * rowPitch };
      if (!taken.some((place) => overlaps(place, at, height))) found.push(at);
    }
  }
  return found;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** One zone on the board: its box with heading, and where its field begins. */
export interface ZoneBox extends Box {
  readonly fieldY: number;
}

export interface BoardLayout {
  readonly zones: ReadonlyMap<string, ZoneBox>;
  readonly width: number;
  readonly height: number;
}

/**
 * Zones side by side and in rows; a column is as wide, a row as tall, as its greatest zone.
 * `headings`: heights of the zones' headings. `extra`: empty room to add below each row.
 */
export function layoutBoard(
  specs: readonly ZoneSpec[],
  layouts: ReadonlyMap<string, ZoneLayout>,
  headings: ReadonlyMap<string, number>,
  extra = 0,
): BoardLayout {
  const rows = 1 + Math.max(0, ...specs.map((spec) => spec.row));
  const least = rows > 1 ? GRID_FIELD_HEIGHT : MIN_FIELD_HEIGHT;
  const widths = greatest(specs, 'column', (spec) => layouts.get(spec.id)?.width ?? 0);
  const heads = greatest(specs, 'row', (spec) => headings.get(spec.id) ?? 0);
  const fields = greatest(specs, 'row', (spec) =>
    Math.max(least, (layouts.get(spec.id)?.height ?? 0) + SPARE),
  );
  const lefts = startsOf(widths);
  const heightOf = (row: number) => (heads[row] ?? 0) + (fields[row] ?? 0) + extra;
  const tops = startsOf(heads.map((_, row) => heightOf(row)));
  const boxOf = ({ row, column }: ZoneSpec): ZoneBox => ({
    x: lefts[column] ?? 0,
    y: tops[row] ?? 0,
    width: widths[column] ?? 0,
    height: heightOf(row),
    fieldY: (tops[row] ?? 0) + (heads[row] ?? 0),
  });
  return {
    zones: new Map(specs.map((spec) => [spec.id, boxOf(spec)])),
    width: (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0),
    height: Math.max(0, ...specs.map((spec) => boxOf(spec).y + boxOf(spec).height)),
  };
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

function* placedAsWritten(notes: readonly NoteVM[]): Generator<[string, Place]> {
  const taken = new Set<string>();
  for (const { id, x, y, text } of notes) {
    if (x === null || y === null) continue;
    let [left, top] = [clampToField(x), clampToField(y)];
    while (taken.has(cellOf(left, top))) [left, top] = [left + NUDGE, top + NUDGE];
    taken.add(cellOf(left, top));
    yield [id, { x: left, y: top, height: noteHeight(text), placed: true }];
  }
}

function cellOf(x: number, y: number): string {
  return `${Math.round(x / NEAR)},${Math.round(y / NEAR)}`;
}

function* flowed(
  notes: readonly NoteVM[],
  top: number,
  columns: number,
): Generator<[string, Place]> {
  let y = top + GAP;
  for (let start = 0; start < notes.length; start += columns) {
    const row = notes.slice(start, start + columns);
    const heights = row.map(({ text }) => noteHeight(text));
    for (const [i, note] of row.entries()) {
      const height = heights[i] ?? NOTE_MIN_HEIGHT;
      yield [note.id, { x: GAP + i * PITCH, y, height, placed: false }];
    }
    y += Math.max(...heights) + GAP;
  }
}

function columnsIn(width: number): number {
  return Math.max(BASE_COLUMNS, Math.floor((width - GAP) / PITCH));
}

/** Many notes at once flow wider, so that the board stays nearer to the shape of a screen. */
function columnsFor(unplaced: number): number {
  return Math.min(MAX_FLOW_COLUMNS, Math.ceil(Math.sqrt(unplaced * 0.8)));
}

function extentOf(places: Iterable<Place>): { width: number; height: number } {
  let width = 0;
  let height = 0;
  for (const place of places) {
    width = Math.max(width, place.x + NOTE_WIDTH + GAP);
    height = Math.max(height, place.y + place.height);
  }
  return { width, height };
}

function overlaps(place: Place, at: Point, height: number): boolean {
  const apart =
    at.x >= place.x + NOTE_WIDTH ||
    at.x + NOTE_WIDTH <= place.x ||
    at.y >= place.y + place.height ||
    at.y + height <= place.y;
  return !apart;
}

function greatest(
  specs: readonly ZoneSpec[],
  axis: 'row' | 'column',
  size: (spec: ZoneSpec) => number,
): number[] {
  const sizes: number[] = [];
  for (const spec of specs) sizes[spec[axis]] = Math.max(sizes[spec[axis]] ?? 0, size(spec));
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
