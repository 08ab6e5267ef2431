/** One canvas: where everything stands on it. */
import {
  GAP,
  layoutBoard,
  zoneAt,
  type BoardLayout,
  type Box,
  type Point,
  type ZoneBox,
} from '../layout/layout';
import { NOTE_MIN_HEIGHT, NOTE_WIDTH } from '../layout/measure';
import type { NoteItem, ThemeItem, ZoneState } from '../replica/board.svelte';
import type { BoardSession } from '../session/session.svelte';
import type { Cursor } from '../net/presence';
import { BOTTOM, Camera, MARGIN, type Size } from './camera.svelte';

/** A narrower screen shows zones one below the other. Places are the zone's own, so nothing else changes. */
const STACKED_PX = 960;
const NOTE_SIZE: Size = { width: NOTE_WIDTH, height: NOTE_MIN_HEIGHT };

/** The places of all zones, notes and themes on one canvas, as they stand now. */
export class Scene {
  readonly session: BoardSession;
  readonly camera: Camera;
  /** Measured heights of the zones' headings, board units. */
  headings = $state.raw<ReadonlyMap<string, number>>(new Map());
  readonly board: BoardLayout = $derived.by(() => this.#layOut());
  /** Rectangle being drawn to choose notes, board units. */
  marquee = $state.raw<Box | null>(null);
  /** A link being drawn from a note, to where the pointer is; board units. */
  linking = $state.raw<{ readonly note: string; readonly at: Point } | null>(null);
  /** The empty zone that Tab stops at: the one in focus, or the first where no note is in sight. */
  readonly tabCell = $derived.by(() => this.#findTabCell());
  /** The zone the pointer was over last: where a new note goes when none is in focus. */
  lastZone: string | null = null;
  /** Where on the screen the last press was; null after a key. */
  pressed: Point | null = null;

  constructor(session: BoardSession) {
    this.session = session;
    this.camera = new Camera(() => this.board);
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

  /** The screen is too narrow for zones side by side. */
  get stacked(): boolean {
    const { width } = this.camera.view;
    return width > 0 && width < STACKED_PX;
  }

  #layOut(): BoardLayout {
    const { grid } = this.session;
    const zones = this.shown;
    const { stacked } = this;
    const { view } = this.camera;
    const rows = [...new Set(zones.map(({ spec }) => spec.row))];
    const specs = zones.map(({ spec }, row) =>
      stacked ? { ...spec, row, column: 0 } : { ...spec, row: rows.indexOf(spec.row) },
    );
    const layouts = new Map(zones.map(({ spec, layout }) => [spec.id, layout]));
    const board = layoutBoard(specs, layouts, this.headings);
    // One row of zones reaches down to the edge of the screen: there is room, so offer it.
    const room = (view.height - MARGIN - BOTTOM) / this.camera.zoomFor(board.width) - board.height;
    const oneRow = grid.pages.length === 0 && specs.every(({ row }) => row === 0);
    return oneRow && room > 0 ? layoutBoard(specs, layouts, this.headings, room) : board;
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

  /** A board point relative to the field of the zone it is in. */
  within(point: Point): Cursor | null {
    const zone = zoneAt(this.board, point);
    const box = zone === null ? undefined : this.board.zones.get(zone);
    if (zone === null || !box) return null;
    return { zone, x: Math.round(point.x - box.x), y: Math.round(point.y - box.fieldY) };
  }
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
