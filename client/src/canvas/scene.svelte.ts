/** One canvas: where everything stands on it. */
import {
  arrange,
  layoutBoard,
  TITLE_PX,
  zoneAt,
  type Arrangement,
  type BoardLayout,
  type Heads,
  type ZoneBox,
} from '../layout/board';
import { GAP, rightmost, type Box, type Point } from '../layout/layout';
import { NOTE_MIN_HEIGHT, NOTE_WIDTH, wholeHeight } from '../layout/measure';
import type { NoteItem, ThemeItem, ZoneState } from '../replica/board.svelte';
import type { BoardSession } from '../session/session.svelte';
import type { Sight } from '../session/workspace.svelte';
import type { Cursor } from '../net/presence';
import { BOTTOM, Camera, READABLE, type Ground, type Size } from './camera.svelte';

/** Of which the screen is not known yet: zones stand side by side. */
const UNKNOWN_PX = 1e6;
/** From a zone's edges to what is put into it; board units. */
const LEAST_PLACE = 8;
const NO_HEADS: Heads = { zones: new Map(), titles: new Map() };
const NOTE_SIZE: Size = { width: NOTE_WIDTH, height: NOTE_MIN_HEIGHT };

/** The places of all zones, notes and themes on one canvas, as they stand now. */
export class Scene implements Ground, Sight {
  readonly session: BoardSession;
  readonly camera: Camera;
  /** Measured heights of the zones' headings, and of the titles of a grid's rows; CSS pixels. */
  headings = $state.raw<ReadonlyMap<string, number>>(new Map());
  titles = $state.raw<ReadonlyMap<number, number>>(new Map());
  readonly arrangement: Arrangement = $derived.by(() => this.#arrange());
  readonly board: BoardLayout = $derived.by(() => this.#layOut());
  /** Rectangle being drawn to choose notes, board units. */
  marquee = $state.raw<Box | null>(null);
  /** A link being drawn from a note, to where the pointer is; board units. */
  linking = $state.raw<{ readonly note: string; readonly at: Point } | null>(null);
  /** The empty zone that Tab stops at: the one in focus, or the first where no note is in sight. */
  readonly tabCell = $derived.by(() => this.#findTabCell());
  /** The hand that moves the board: ready, or moving it. */
  hand = $state<'open' | 'closed' | null>(null);
  /** Where on the screen a note's menu was asked for, by a right click or a long press. */
  asked = $state.raw<Point | null>(null);
  /** The zone the pointer was over last: where a new note goes when none is in focus. */
  lastZone: string | null = null;
  /** Where on the screen the last press was; null after a key. */
  pressed: Point | null = null;
  /** The note in focus was taken with a pointer: what is typed goes on it. Keys have not gone on since. */
  taken: string | null = null;

  constructor(session: BoardSession) {
    this.session = session;
    this.camera = new Camera(this);
  }

  setHeading(zone: string, height: number): void {
    if (height <= 0 || this.headings.get(zone) === height) return;
    this.headings = new Map(this.headings).set(zone, height);
  }

  /** Zones that are looked at, in reading order. */
  get shown(): readonly ZoneState[] {
    const { state, grid } = this.session;
    return state.zones.filter(({ spec }) => grid.shows(spec.id));
  }

  #findTabCell(): string | null {
    const { shown } = this;
    const { cell } = this.session.workspace;
    if (shown.some(({ spec, items }) => spec.id === cell && items.length === 0)) return cell;
    return shown.every(({ items }) => items.length === 0) ? (shown[0]?.spec.id ?? null) : null;
  }

  setTitle(row: number, height: number): void {
    if (height <= 0 || this.titles.get(row) === height) return;
    this.titles = new Map(this.titles).set(row, height);
  }

  /** CSS pixels left of the zones, where rows of a grid have their titles. */
  get gutter(): number {
    return this.arrangement.titles === 'beside' ? TITLE_PX : 0;
  }

  #arrange(): Arrangement {
    const { view, margin } = this.camera;
    const px = view.width > 0 ? view.width - 2 * margin : UNKNOWN_PX;
    return arrange(
      this.shown.map(({ spec }) => spec),
      { px, least: READABLE },
    );
  }

  #layOut(): BoardLayout {
    const { camera, arrangement } = this;
    const isOneRow =
      arrangement.titles === 'none' &&
      [...arrangement.spots.values()].every(({ row }) => row === 0);
    // One row of zones reaches down to the edge of the screen: there is room, so offer it.
    const opened = isOneRow ? this.#boardAt(camera.opening).height : Infinity;
    const room = (camera.view.height - camera.top - BOTTOM) / camera.opening;
    return this.#boardAt(camera.zoom, Math.max(0, room - opened));
  }

  get width(): number {
    return this.arrangement.width;
  }

  get height(): number {
    return this.board.height;
  }

  readonly reach = $derived.by(() => {
    // By way of the zones: they tell of notes that come and go.
    const whole = this.shown.flatMap(({ items }) => items).filter((item) => item.whole);
    return Math.max(
      0,
      ...whole.map((item) => (this.boxOf(item)?.y ?? 0) + wholeHeight(item.note.text)),
    );
  });

  get fixed(): number {
    return this.#boardAt(1).height - this.#boardAt(1, 0, NO_HEADS).height;
  }

  #boardAt(zoom: number, extra = 0, heads = this.#headsAt(zoom)): BoardLayout {
    const specs = this.shown.map(({ spec }) => spec);
    const layouts = new Map(this.shown.map(({ spec, layout }) => [spec.id, layout]));
    return layoutBoard(specs, this.arrangement, layouts, heads, extra);
  }

  #headsAt(zoom: number): Heads {
    return { zones: scaled(this.headings, zoom), titles: scaled(this.titles, zoom) };
  }

  /** A spot within its zone: headings have one size on the screen, and so another on the board. */
  follow(point: Point): () => Point {
    const zone = zoneAt(this.board, point);
    const before = zone === null ? undefined : this.board.zones.get(zone);
    const { zoom } = this.camera;
    if (zone === null || !before) return () => point;
    const [dx, dy] = [point.x - before.x, point.y - before.fieldY];
    return () => {
      const { x, fieldY } = this.board.zones.get(zone) ?? before;
      return { x: x + dx, y: fieldY + (dy < 0 ? (dy * zoom) / this.camera.zoom : dy) };
    };
  }

  /** Where a note or theme is drawn, with its drag; board units. */
  boxOf(item: NoteItem | ThemeItem): Box | null {
    const zone = this.zoneBoxOf(item);
    if (!zone) return null;
    const { place, offset } = item;
    return {
      x: zone.x + place.x + (offset?.x ?? 0),
      y: zone.fieldY + place.y + (offset?.y ?? 0),
      width: place.width,
      height: place.height,
    };
  }

  boxes(): Map<string, Box> {
    const found = new Map<string, Box>();
    for (const [id, item] of this.session.state.items) {
      const box = this.boxOf(item);
      if (box) found.set(id, box);
    }
    return found;
  }

  /** Around all of these notes; null around none. */
  around(ids: Iterable<string>): Box | null {
    const items = [...ids].map((id) => this.session.state.item(id));
    const boxes = items.map((item) => item && this.boxOf(item)).filter((box) => box !== null);
    if (boxes.length === 0) return null;
    const x = Math.min(...boxes.map((box) => box.x));
    const y = Math.min(...boxes.map((box) => box.y));
    const right = Math.max(...boxes.map((box) => box.x + box.width));
    const bottom = Math.max(...boxes.map((box) => box.y + box.height));
    return { x, y, width: right - x, height: bottom - y };
  }

  /** The field of a zone. */
  fieldBox(zone: string): Box | null {
    const box = this.board.zones.get(zone);
    return box ? { ...box, y: box.fieldY, height: box.height - box.fieldY + box.y } : null;
  }

  /** The zone in the middle of the screen. */
  get middleZone(): string | null {
    const { x, y, width, height } = this.camera.visible();
    return zoneAt(this.board, { x: x + width / 2, y: y + height / 2 });
  }

  /** What of a zone's field is in sight, from the field's corner; null where no note would be. */
  seenOf(zone: string): Box | null {
    const field = this.fieldBox(zone);
    const seen = field && common(field, this.camera.clear());
    if (!seen || seen.width < NOTE_WIDTH / 2 || seen.height < NOTE_MIN_HEIGHT / 2) return null;
    return { ...seen, x: seen.x - field.x, y: seen.y - field.y };
  }

  /** The first of some zones that is in sight, or else the one of which most is. */
  zoneInSight(wanted: readonly (string | null | undefined)[]): ZoneState | null {
    const seen = this.shown.flatMap((zone) => {
      const part = this.seenOf(zone.spec.id);
      return part ? [{ zone, size: part.width * part.height }] : [];
    });
    const first = wanted
      .map((id) => seen.find(({ zone }) => zone.spec.id === id))
      .find((found) => found !== undefined);
    return (first ?? seen.sort((a, b) => b.size - a.size)[0])?.zone ?? null;
  }

  /** Where the first note of an empty zone would stand. */
  cellBox(zone: string): Box | null {
    const box = this.board.zones.get(zone);
    return box ? { x: box.x + GAP, y: box.fieldY + GAP, ...NOTE_SIZE } : null;
  }

  /** Empty zones in sight, each where one meets it coming from `from`. */
  cellsFrom(from: Box): Map<string, Box> {
    const found = new Map<string, Box>();
    for (const { spec, items } of this.shown) {
      const box = this.board.zones.get(spec.id);
      if (box && items.length === 0) found.set(spec.id, nearestSpot(box, from));
    }
    return found;
  }

  zoneBoxOf(item: NoteItem | ThemeItem): ZoneBox | null {
    const zone = this.session.state.zoneOf(item.id);
    return (zone && this.board.zones.get(zone.spec.id)) ?? null;
  }

  zoneUnder(point: Point): ZoneState | null {
    const id = zoneAt(this.board, point);
    return id === null ? null : this.session.state.zone(id);
  }

  /** The place for a note in a zone that is nearest to a point of the board; of the zone's field. */
  placeIn(zone: string, { x, y }: Point): Point | null {
    const box = this.board.zones.get(zone);
    const columns = this.session.state.zone(zone)?.spec.columns;
    if (!box || columns === undefined) return null;
    return {
      x: within(LEAST_PLACE, rightmost(columns), x - box.x),
      y: Math.max(LEAST_PLACE, y - box.fieldY),
    };
  }

  /** A board point relative to the field of the zone it is in. */
  within(point: Point): Cursor | null {
    const zone = zoneAt(this.board, point);
    const box = zone === null ? undefined : this.board.zones.get(zone);
    if (zone === null || !box) return null;
    return { zone, x: Math.round(point.x - box.x), y: Math.round(point.y - box.fieldY) };
  }
}

/** CSS pixels in board units. */
function scaled<K>(px: ReadonlyMap<K, number>, zoom: number): ReadonlyMap<K, number> {
  return new Map([...px].map(([key, height]) => [key, height / zoom]));
}

/** The spot of a note's size within a zone's field that is nearest to a box. */
function nearestSpot(zone: ZoneBox, from: Box): Box {
  const { width, height } = NOTE_SIZE;
  return {
    x: within(zone.x + GAP, zone.x + zone.width - GAP - width, from.x),
    y: within(zone.fieldY + GAP, zone.y + zone.height - GAP - height, from.y),
    width,
    height,
  };
}

function within(least: number, most: number, value: number): number {
  return Math.max(least, Math.min(most, value));
}

/** What two boxes have in common; null where that is nothing. */
function common(a: Box, b: Box): Box | null {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}
