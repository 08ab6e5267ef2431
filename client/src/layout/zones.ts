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
  /** Of a grid's cell: what its row and its column are called, each by itself. */
  readonly cell: { readonly row: Localised; readonly column: Localised } | null;
}

/** Zones side by side (notes board), or rows of columns (grid board), in reading order. */
export function zonesOf(board: BoardDefinition): ZoneSpec[] {
  const columns = board.columns ?? [];
  if (board.kind !== 'grid') return (board.zones ?? []).map(besideEachOther);
  return (board.rows ?? []).flatMap((row, y) =>
    columns.map((column, x) => cellOf(row, column, y, x)),
  );
}

function besideEachOther(zone: ZoneDefinition, column: number): ZoneSpec {
  const tint = typeof zone.tint === 'number' ? zone.tint : column;
  const { id, title, prompt = null } = zone;
  return { id, title, prompt, tint: tint % LIMITS.zoneTints, row: 0, column, cell: null };
}

function cellOf(row: RowDefinition, column: ZoneDefinition, y: number, x: number): ZoneSpec {
  return {
    id: `${row.id}/${column.id}`,
    title: joined(row.title, column.title),
    prompt: column.prompt ?? null,
    tint: x % LIMITS.zoneTints,
    row: y,
    column: x,
    cell: { row: row.title, column: column.title },
  };
}

/** In the languages of the workbook, which need not be all of ours. */
function joined(first: Localised, second: Localised): Localised {
  const languages = Object.keys(first) as (keyof Localised)[];
  return Object.fromEntries(languages.map((code) => [code, `${first[code]} – ${second[code]}`]));
}
