/** A board that does not change any more, as it is drawn: where each of its notes stood. */
import type { Note, NoteColor } from '../../document/schema';
import { NOTE_COLORS } from '../../document/schema';
import { arrange, layoutBoard, type ZoneBox } from '../../layout/board';
import { layoutZone, type Box } from '../../layout/layout';
import { zonesOf, type ZoneSpec } from '../../layout/zones';
import type { Board, Note as NoteJson } from '../../workshop/api-types';
import type { BoardDefinition } from '../../workshop/workshop';

export type Mark = 'added' | 'changed' | 'moved' | 'deleted';
export type Marks = ReadonlyMap<string, Mark>;

export interface StillNote extends Box {
  readonly note: NoteJson;
  readonly color: NoteColor;
}

export interface StillTheme extends Box {
  readonly id: string;
  readonly name: string;
}

export interface StillZone {
  readonly spec: ZoneSpec;
  readonly box: ZoneBox;
  /** In reading order. */
  readonly notes: readonly StillNote[];
  readonly themes: readonly StillTheme[];
}

export interface Still {
  readonly zones: readonly StillZone[];
  readonly width: number;
  readonly height: number;
}

/** CSS pixels of a laptop, and of a screen on which zones stand below each other. */
export const LAPTOP_PX = 1400;
export const NARROW_PX = 700;
const LEAST_ZOOM = 0.75;
/** Of a zone's heading, board units. */
export const HEAD = 64;

/** `gone`: notes that are not on it any more and are shown where they were; `px`: as on a screen so wide. */
export function stillOf(
  board: Board,
  definition: BoardDefinition,
  gone: readonly NoteJson[] = [],
  px = LAPTOP_PX,
): Still {
  const room = { px, least: LEAST_ZOOM };
  const specs = zonesOf(definition);
  const known = new Set(specs.map(({ id }) => id));
  const zoneOf = (zone: string) => (known.has(zone) ? zone : specs[0]?.id);
  const themes = new Map(
    board.themes.map(({ id, name, zone, position }) => [id, { id, name, zone, ...at(position) }]),
  );
  const all = [...board.notes, ...gone.map((note) => ({ ...note, theme: null }))];
  const byId = new Map(all.map((note) => [note.id, note]));
  const layouts = new Map(
    specs.map((spec) => {
      const own = all.filter(({ zone }) => zoneOf(zone) === spec.id).map(plain);
      return [spec.id, layoutZone(own, themes, spec.columns)];
    }),
  );
  const heads = { zones: new Map(specs.map(({ id }) => [id, HEAD])), titles: new Map() };
  const { zones, width, height } = layoutBoard(specs, arrange(specs, room), layouts, heads);
  return {
    width,
    height,
    zones: specs.flatMap((spec): StillZone[] => {
      const [box, layout] = [zones.get(spec.id), layouts.get(spec.id)];
      if (!box || !layout) return [];
      return [
        {
          spec,
          box,
          notes: layout.order.flatMap((id) => {
            const [note, place] = [byId.get(id), layout.places.get(id)];
            return note && place ? [{ note, color: colorOf(note), ...boxOf(place) }] : [];
          }),
          themes: [...layout.frames].flatMap(([id, frame]) => {
            const theme = themes.get(id);
            return theme ? [{ id, name: theme.name, ...boxOf(frame) }] : [];
          }),
        },
      ];
    }),
  };
}

export function colorOf({ color }: NoteJson): NoteColor {
  return NOTE_COLORS.find((known) => known === color) ?? 'yellow';
}

function boxOf({ x, y, width, height }: Box): Box {
  return { x, y, width, height };
}

function at(position: readonly number[] | null): { x: number | null; y: number | null } {
  const [x = null, y = null] = position ?? [];
  return { x, y };
}

function plain(note: NoteJson): Note {
  const { id, text, zone, at: made, author, group, theme, carried, position } = note;
  const color = colorOf(note);
  return { id, text, zone, color, at: made, author, group, theme, carried, ...at(position) };
}
