/**
 * Where notes and zones stand, in board units. Positions are relative to a zone's field: the area
 * under its heading, so that longer headings in another language move nothing.
 */
import { frameShape, type FrameShape } from './frame';
import { NOTE_MIN_HEIGHT, NOTE_WIDTH, noteHeight } from './measure';
import { readingOrder } from '../document/order';
import { clampToField, type Note, type Theme } from '../document/schema';
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

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Place extends Box {
  /** False for what this board has no placement for: it flows below the placed ones. */
  readonly placed: boolean;
}

/** Of a theme. `head`: height of its heading. */
export interface Frame extends Place {
  readonly head: number;
}

export interface ZoneLayout {
  /** Note ids in reading order. */
  readonly order: readonly string[];
  readonly places: ReadonlyMap<string, Place>;
  /** By theme, in reading order. */
  readonly frames: ReadonlyMap<string, Frame>;
  /** Size of the field that the notes need. */
  readonly width: number;
  readonly height: number;
}

/** What stands by itself: a note that is under no theme, or a theme with its notes. */
interface Block {
  readonly id: string;
  readonly x: number | null;
  readonly y: number | null;
  readonly width: number;
  readonly height: number;
  readonly frame: FrameShape | null;
}

/** Place every note of one zone; the same notes and themes give the same layout on every screen. */
export function layoutZone(
  notes: Iterable<Note>,
  themes: ReadonlyMap<string, Theme> = new Map(),
): ZoneLayout {
  const ordered = readingOrder(notes, themes);
  const blocks = blocksOf(ordered, themes);
  const standing = settle(blocks.filter(isPlaced));
  const unplaced = blocks.filter((block) => !isPlaced(block));
  const extent = extentOf(standing.values());
  const columns = Math.max(columnsIn(extent.width), columnsFor(countNotes(unplaced)));
  for (const [block, place] of flowed(unplaced, extent.height, columns * PITCH)) {
    standing.set(block, place);
  }
  const { width, height } = extentOf(standing.values());
  const least = GAP + BASE_COLUMNS * PITCH;
  return {
    order: ordered.map(({ id }) => id),
    places: new Map(blocks.flatMap((block) => notePlaces(block, standing.get(block)))),
    frames: new Map(blocks.flatMap((block) => framePlace(block, standing.get(block)))),
    width: Math.max(least, width),
    height,
  };
}

/** Free places for a new note, in reading order: never on top of another, at most `count`. */
export function freePlaces(zone: ZoneLayout, height: number, count: number): Point[] {
  const found: Point[] = [];
  const columns = columnsIn(zone.width);
  const taken = [...zone.places.values(), ...zone.frames.values()];
  const rowPitch = NOTE_MIN_HEIGHT + GAP;
  for (let row = 0; found.length < count; row += 1) {
    for (let column = 0; column < columns && found.length < count; column += 1) {
      const at = { x: GAP + column * PITCH, y: GAP + row * rowPitch };
      if (!taken.some((place) => meet(place, { ...at, width: NOTE_WIDTH, height }))) found.push(at);
    }
  }
  return found;
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

function blocksOf(ordered: readonly Note[], themes: ReadonlyMap<string, Theme>): readonly Block[] {
  const gathered = new Map<string, Note[]>();
  for (const note of ordered) {
    const block = note.theme !== null && themes.has(note.theme) ? note.theme : note.id;
    gathered.set(block, [...(gathered.get(block) ?? []), note]);
  }
  return [...gathered].map(([id, notes]): Block => {
    const theme = themes.get(id);
    if (theme) {
      const frame = frameShape(theme, notes);
      const { width, height } = frame;
      return { id, x: theme.x, y: theme.y, width, height, frame };
    }
    const [{ x, y, text } = { x: null, y: null, text: '' }] = notes;
    return { id, x, y, width: NOTE_WIDTH, height: noteHeight(text), frame: null };
  });
}

type PlacedBlock = Block & Point;

function isPlaced(block: Block): block is PlacedBlock {
  return block.x !== null && block.y !== null;
}

function countNotes(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { frame }) => sum + (frame?.spots.size ?? 1), 0);
}

function notePlaces({ id, frame }: Block, place: Place | undefined): [string, Place][] {
  if (!place) return [];
  if (!frame) return [[id, place]];
  return [...frame.spots].map(([note, { x, y, height }]) => [
    note,
    { x: place.x + x, y: place.y + y, width: NOTE_WIDTH, height, placed: true },
  ]);
}

function framePlace({ id, frame }: Block, place: Place | undefined): [string, Frame][] {
  return place && frame ? [[id, { ...place, head: frame.head }]] : [];
}

/**
 * Placed blocks where they were put. A theme is in nobody's way: it grows with every note, so what
 * is put on the same spot makes room, themes downwards and notes to the nearest free side.
 */
function settle(blocks: readonly PlacedBlock[]): Map<Block, Place> {
  const standing = new Map<Block, Place>();
  const taken = new Set<string>();
  const crowded: [Block, Place][] = [];
  for (const block of blocks.filter(({ frame }) => frame !== null)) {
    standing.set(block, lower(placeOf(block, taken), [...standing.values()]));
  }
  const frames = [...standing.values()];
  for (const block of blocks.filter(({ frame }) => frame === null)) {
    const place = placeOf(block, taken);
    if (frames.some((frame) => meet(frame, place))) crowded.push([block, place]);
    else standing.set(block, place);
  }
  for (const [block, place] of crowded) {
    const others = [...standing.values()];
    standing.set(block, aside(place, frames, others) ?? lower(place, others));
  }
  return standing;
}

/** Where it was put, or a little further when something has its corner right there. */
function placeOf({ x, y, width, height }: PlacedBlock, taken: Set<string>): Place {
  let [left, top] = [clampToField(x), clampToField(y)];
  while (taken.has(cellOf(left, top))) [left, top] = [left + NUDGE, top + NUDGE];
  taken.add(cellOf(left, top));
  return { x: left, y: top, width, height, placed: true };
}

function cellOf(x: number, y: number): string {
  return `${Math.round(x / NEAR)},${Math.round(y / NEAR)}`;
}

/** As far down as it takes to meet none of `others`. */
function lower(place: Place, others: readonly Place[]): Place {
  const hit = others.find((other) => meet(other, place));
  return hit ? lower({ ...place, y: hit.y + hit.height + GAP }, others) : place;
}

/** Beside the frame it is under, where it is nearest and nothing else stands; null if nowhere. */
function aside(place: Place, frames: readonly Place[], others: readonly Place[]): Place | null {
  const frame = frames.find((each) => meet(each, place));
  if (!frame) return place;
  const spots = [
    { x: frame.x - GAP - place.width, y: place.y },
    { x: frame.x + frame.width + GAP, y: place.y },
    { x: place.x, y: frame.y - GAP - place.height },
    { x: place.x, y: frame.y + frame.height + GAP },
  ];
  const far = ({ x, y }: Point) => Math.abs(x - place.x) + Math.abs(y - place.y);
  const free = spots
    .filter(({ x, y }) => x >= 0 && y >= 0)
    .map((spot) => ({ ...place, ...spot }))
    .filter((spot) => !others.some((other) => meet(other, spot)))
    .sort((a, b) => far(a) - far(b));
  return free[0] ?? null;
}

/** In rows from the left, `width` board units wide, under what is placed. */
function* flowed(blocks: readonly Block[], top: number, width: number): Generator<[Block, Place]> {
  let [x, y, tallest] = [GAP, top + GAP, 0];
  for (const block of blocks) {
    if (x > GAP && x + block.width > width) [x, y, tallest] = [GAP, y + tallest + GAP, 0];
    yield [block, { x, y, width: block.width, height: block.height, placed: false }];
    x += block.width + GAP;
    tallest = Math.max(tallest, block.height);
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
    width = Math.max(width, place.x + place.width + GAP);
    height = Math.max(height, place.y + place.height);
  }
  return { width, height };
}

/** Whether two boxes have any spot in common. */
export function meet(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
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
