/**
 * Where notes stand in their zone, in board units. Positions are relative to a zone's field: the
 * area under its heading, so that longer headings in another language move nothing.
 */
import { frameShape, type FrameShape } from './frame';
import { NOTE_MIN_HEIGHT, NOTE_WIDTH, noteHeight } from './measure';
import { readingOrder } from '../document/order';
import { clampToField, type Note, type Theme } from '../document/schema';

export const GAP = 20;
export const PITCH = NOTE_WIDTH + GAP;
/** Least room at a zone's right edge: a theme of two columns with a note beside it leaves no more. */
const EDGE = 8;
/** Notes closer than this would hide one another (two people wrote at the same moment). */
const NEAR = 16;
const NUDGE = 26;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Point, Size {}

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
  readonly columns: number;
  /** Of the field that the notes need. */
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

/** Of a zone, board units: its columns alone say it, so nothing that is written moves what stands beside it. */
export function fieldWidth(columns: number): number {
  return GAP + columns * PITCH;
}

/** Where something as wide as `width` may begin at most. */
export function rightmost(columns: number, width = NOTE_WIDTH): number {
  return Math.max(0, fieldWidth(columns) - EDGE - width);
}

/**
 * Place every note of one zone; the same notes and themes give the same layout on every screen. A
 * zone is as wide as its columns and grows downwards only: what was put further to the right comes
 * in to its edge, and what was put far out flows with what nobody has placed.
 */
export function layoutZone(
  notes: Iterable<Note>,
  themes: ReadonlyMap<string, Theme>,
  columns: number,
): ZoneLayout {
  const ordered = readingOrder(notes, themes);
  const blocks = blocksOf(ordered, themes, columns);
  const placed = blocks.filter(isPlaced).filter((block) => !isFarOut(block, columns));
  const standing = settle(placed, columns);
  const loose = blocks.filter((block) => !standing.has(block));
  for (const [block, place] of flowed(loose, bottomOf(standing.values()), columns)) {
    standing.set(block, place);
  }
  return {
    order: ordered.map(({ id }) => id),
    places: new Map(blocks.flatMap((block) => notePlaces(block, standing.get(block)))),
    frames: new Map(blocks.flatMap((block) => framePlace(block, standing.get(block)))),
    columns,
    height: bottomOf(standing.values()),
  };
}

/**
 * Free places for a new note, in reading order: never on top of another, at most `count`. `seen`: the
 * part of the field that one looks at; they begin there, and go on below it.
 */
export function freePlaces(
  zone: ZoneLayout,
  height: number,
  count: number,
  seen: Box | null = null,
): Point[] {
  const found: Point[] = [];
  const all = Array.from({ length: zone.columns }, (_, column) => GAP + column * PITCH);
  const inSight = all.filter((x) => seen && x >= seen.x && x + NOTE_WIDTH <= seen.x + seen.width);
  const columns = inSight.length > 0 ? inSight : all;
  const taken = [...zone.places.values(), ...zone.frames.values()];
  const rowPitch = NOTE_MIN_HEIGHT + GAP;
  const first = Math.max(0, Math.ceil(((seen?.y ?? 0) - GAP) / rowPitch));
  for (let row = first; found.length < count; row += 1) {
    for (const x of columns) {
      const at = { x, y: GAP + row * rowPitch };
      if (!taken.some((place) => meet(place, { ...at, width: NOTE_WIDTH, height }))) found.push(at);
    }
  }
  return found.slice(0, count);
}

function blocksOf(
  ordered: readonly Note[],
  themes: ReadonlyMap<string, Theme>,
  columns: number,
): readonly Block[] {
  const gathered = new Map<string, Note[]>();
  for (const note of ordered) {
    const block = note.theme !== null && themes.has(note.theme) ? note.theme : note.id;
    gathered.set(block, [...(gathered.get(block) ?? []), note]);
  }
  return [...gathered].map(([id, notes]): Block => {
    const theme = themes.get(id);
    if (theme) {
      const frame = frameShape(theme, notes, columns);
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

/** Further out than a note beside the edge: it was put there when the zone was another. */
function isFarOut({ x, width }: PlacedBlock, columns: number): boolean {
  return x > rightmost(columns, width) + PITCH;
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
function settle(blocks: readonly PlacedBlock[], columns: number): Map<Block, Place> {
  const standing = new Map<Block, Place>();
  const taken = new Set<string>();
  const crowded: [Block, Place][] = [];
  for (const block of blocks.filter(({ frame }) => frame !== null)) {
    standing.set(block, lower(placeOf(block, columns, taken), [...standing.values()]));
  }
  const frames = [...standing.values()];
  for (const block of blocks.filter(({ frame }) => frame === null)) {
    const place = placeOf(block, columns, taken);
    const isBroughtIn = block.x - place.x > NEAR;
    if (isBroughtIn || frames.some((frame) => meet(frame, place))) crowded.push([block, place]);
    else standing.set(block, place);
  }
  for (const [block, place] of crowded) {
    const others = [...standing.values()];
    standing.set(block, aside(place, frames, others, columns) ?? lower(place, others));
  }
  return standing;
}

/** Where it was put, or a little further when something has its corner right there. */
function placeOf({ x, y, width, height }: PlacedBlock, columns: number, taken: Set<string>): Place {
  const most = rightmost(columns, width);
  let [left, top] = [Math.min(most, clampToField(x)), clampToField(y)];
  while (taken.has(cellOf(left, top))) [left, top] = [Math.min(most, left + NUDGE), top + NUDGE];
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

/** Beside the frame it is under, where it is nearest and nothing else stands; null if nowhere, or under none. */
function aside(
  place: Place,
  frames: readonly Place[],
  others: readonly Place[],
  columns: number,
): Place | null {
  const frame = frames.find((each) => meet(each, place));
  if (!frame) return null;
  const spots = [
    { x: frame.x - GAP - place.width, y: place.y },
    { x: frame.x + frame.width + GAP, y: place.y },
    { x: place.x, y: frame.y - GAP - place.height },
    { x: place.x, y: frame.y + frame.height + GAP },
  ];
  const far = ({ x, y }: Point) => Math.abs(x - place.x) + Math.abs(y - place.y);
  const free = spots
    .filter(({ x, y }) => x >= 0 && x <= rightmost(columns) && y >= 0)
    .map((spot) => ({ ...place, ...spot }))
    .filter((spot) => !others.some((other) => meet(other, spot)))
    .sort((a, b) => far(a) - far(b));
  return free[0] ?? null;
}

/** In rows from the left, under what is placed; `top`: where that ends. */
export function* flowed<B extends Size>(
  blocks: readonly B[],
  top: number,
  columns: number,
): Generator<[B, Place]> {
  let [x, y, tallest] = [GAP, top + GAP, 0];
  for (const block of blocks) {
    if (x > GAP && x > rightmost(columns, block.width))
      [x, y, tallest] = [GAP, y + tallest + GAP, 0];
    yield [block, { x, y, width: block.width, height: block.height, placed: false }];
    x += block.width + GAP;
    tallest = Math.max(tallest, block.height);
  }
}

/** Lower edge of all of them, 0 of none. */
function bottomOf(places: Iterable<Place>): number {
  let bottom = 0;
  for (const { y, height } of places) bottom = Math.max(bottom, y + height);
  return bottom;
}

/** Whether two boxes have any spot in common. */
export function meet(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
