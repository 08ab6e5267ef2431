/** The zones of a board, from its workbook definition: what stands where, in words and in a grid. */
import { LIMITS } from '../text/limits';
import type { Localised } from '../i18n/texts';
import type { BoardDefinition, RowDefinition, ZoneDefinition } from '../workshop/workshop';

export interface ZoneSpec {
  readonly id: string;
  readonly title: Localised;
  readonly prompt: Localised | null;
  /** 0 to 3, a tint of `--zone-<n>`. */
  readonly tint: number;
  readonly row: number;
  readonly column: number;
  /** How many notes stand side by side in it, on every screen and however many there are. */
  readonly columns: number;
  /** Of a grid's cell: what its row and its column are called, each by itself. */
  readonly cell: { readonly row: Localised; readonly column: Localised } | null;
}

/** By how many zones stand side by side: together they are about as wide as a laptop's screen. */
const COLUMNS = [5, 3, 2];
/** In a cell of a grid, so that what was stands beside what comes on every laptop. */
const CELL_COLUMNS = 2;

/** Zones side by side (notes board), or rows of columns (grid board), in reading order. */
export function zonesOf(board: BoardDefinition): ZoneSpec[] {
  const columns = board.columns ?? [];
  if (board.kind !== 'grid') {
    const zones = board.zones ?? [];
    return zones.map((zone, at) => besideEachOther(zone, at, columnsFor(zones.length)));
  }
  return (board.rows ?? []).flatMap((row, y) =>
    columns.map((column, x) => cellOf(row, column, y, x)),
  );
}

/** Four zones stand two and two. */
function columnsFor(zones: number): number {
  return COLUMNS[(zones === 4 ? 2 : zones) - 1] ?? 2;
}

function besideEachOther(zone: ZoneDefinition, column: number, columns: number): ZoneSpec {
  const tint = typeof zone.tint === 'number' ? zone.tint : column;
  const { id, title, prompt = null } = zone;
  return { id, title, prompt, tint: tint % LIMITS.zoneTints, row: 0, column, columns, cell: null };
}

function cellOf(row: RowDefinition, column: ZoneDefinition, y: number, x: number): ZoneSpec {
  return {
    id: `${row.id}/${column.id}`,
    title: joined(row.title, column.title),
    prompt: column.prompt ?? null,
    tint: x % LIMITS.zoneTints,
    row: y,
    column: x,
    columns: CELL_COLUMNS,
    cell: { row: row.title, column: column.title },
  };
}

/** In the languages of the workbook, which need not be all of ours. */
function joined(first: Localised, second: Localised): Localised {
  const languages = Object.keys(first) as (keyof Localised)[];
  return Object.fromEntries(languages.map((code) => [code, `${first[code]} – ${second[code]}`]));
}
