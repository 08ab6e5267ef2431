/** Which part of a grid is looked at: all of it, its rows by name and count, a group's own pages, one page, or one row. */
import type { BoardDefinition, RowDefinition } from '../workshop/workshop';

export type GridPart =
  | { readonly kind: 'all' }
  | { readonly kind: 'overview' }
  | { readonly kind: 'own' }
  | { readonly kind: 'page'; readonly page: number }
  | { readonly kind: 'row'; readonly row: string };

/** The choice of which rows of one grid a person looks at. */
export class GridView {
  readonly rows: readonly RowDefinition[];
  readonly pages: readonly number[];
  /** Pages that the group of this board fills in; empty when it is all of them. */
  readonly own: readonly number[];
  part = $state.raw<GridPart>({ kind: 'all' });
  /** Rows whose guiding questions are open. */
  asking = $state.raw<ReadonlySet<string>>(new Set());

  constructor(board: BoardDefinition, own: readonly number[] = []) {
    this.rows = board.kind === 'grid' ? (board.rows ?? []) : [];
    this.pages = [...new Set(this.rows.map(pageOf))].sort((a, b) => a - b);
    this.own = this.pages.filter((page) => own.includes(page));
    if (this.own.length > 0 && this.own.length < this.pages.length) this.part = { kind: 'own' };
  }

  /** Whether a zone is looked at; zones of other boards always are. */
  shows(zone: string): boolean {
    const row = this.rowOf(zone);
    return row === null || isIn(row, this.part, this.own);
  }

  /** The rows of a page, in order. */
  rowsOn(page: number): readonly RowDefinition[] {
    return this.rows.filter((row) => pageOf(row) === page);
  }

  /** The row that a cell belongs to. */
  rowOf(zone: string): RowDefinition | null {
    return this.rows.find(({ id }) => zone.startsWith(`${id}/`)) ?? null;
  }

  /** Look at the part that a cell is in, unless it is in sight. */
  reveal(zone: string): void {
    if (!this.shows(zone) || this.part.kind === 'overview') this.part = { kind: 'all' };
  }

  /** Whether the guiding questions of a cell's row are open. */
  isAsking(zone: string): boolean {
    return this.asking.has(this.rowOf(zone)?.id ?? '');
  }

  toggleQuestions(row: string): void {
    const next = new Set(this.asking);
    if (!next.delete(row)) next.add(row);
    this.asking = next;
  }
}

function isIn(row: RowDefinition, part: GridPart, own: readonly number[]): boolean {
  if (part.kind === 'row') return row.id === part.row;
  if (part.kind === 'page') return pageOf(row) === part.page;
  return part.kind === 'all' || part.kind === 'overview' || own.includes(pageOf(row));
}

function pageOf({ page = 1 }: RowDefinition): number {
  return page;
}

/** A part as the value of a choice, and back. */
export function spellPart(part: GridPart): string {
  if (part.kind === 'page') return `page:${part.page}`;
  return part.kind === 'row' ? `row:${part.row}` : part.kind;
}

export function readPart(text: string): GridPart {
  if (text.startsWith('page:')) return { kind: 'page', page: Number(text.slice(5)) };
  if (text.startsWith('row:')) return { kind: 'row', row: text.slice(4) };
  return { kind: text === 'own' || text === 'overview' ? text : 'all' };
}
