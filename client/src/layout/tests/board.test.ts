import { describe, expect, it } from 'vitest';
import { arrange, layoutBoard, TITLE_PX, zoneAt, type Arrangement } from '../board';
import { fieldWidth, layoutZone } from '../layout';
import type { ZoneSpec } from '../zones';

const title = (id: string) => ({ fi: id, sv: id, en: id });
const spec = (id: string, rest: Partial<ZoneSpec> = {}): ZoneSpec => ({
  id,
  title: title(id),
  prompt: null,
  tint: 0,
  row: 0,
  column: 0,
  columns: 3,
  cell: null,
  ...rest,
});
const beside = (count: number) =>
  Array.from({ length: count }, (_, column) => spec(`z${column}`, { column }));
const grid = (rows: number) =>
  Array.from({ length: 2 * rows }, (_, at) => {
    const [row, column] = [Math.floor(at / 2), at % 2];
    const cell = { row: title(`${row}`), column: title(`${column}`) };
    return spec(`${row}/${column}`, { row, column, columns: 2, cell });
  });
const room = (px: number) => ({ px, least: 0.75 });
const empty = (specs: readonly ZoneSpec[]) =>
  new Map(specs.map(({ id, columns }) => [id, layoutZone([], new Map(), columns)]));
const heads = { zones: new Map<string, number>(), titles: new Map<number, number>() };
const rowsOf = ({ spots }: Arrangement) => [...spots.values()].map(({ row }) => row);

describe('zones on a screen', () => {
  it('stand side by side where that is readable, and in more rows where it is not', () => {
    expect(rowsOf(arrange(beside(2), room(1400)))).toEqual([0, 0]);
    expect(rowsOf(arrange(beside(2), room(1040)))).toEqual([0, 0]);
    expect(rowsOf(arrange(beside(2), room(1030)))).toEqual([0, 1]);
    expect(rowsOf(arrange(beside(4), room(1400)))).toEqual([0, 0, 1, 1]);
    expect(rowsOf(arrange(beside(3), room(300)))).toEqual([0, 1, 2]);
  });

  it('are never wider together than the room, but for one that is alone in its row', () => {
    for (const px of [360, 768, 1024, 1280, 1366, 1440, 1920, 2560]) {
      for (const count of [1, 2, 3, 4, 5, 8]) {
        const { width } = arrange(beside(count), room(px));
        expect(width * 0.75 <= px || width === fieldWidth(3)).toBe(true);
      }
    }
  });
});

describe('a grid on a screen', () => {
  const specs = grid(4);

  it('has from beside to, with titles beside them, above them, or above one over the other', () => {
    const at = (px: number) => {
      const arrangement = arrange(specs, room(px));
      return [arrangement.titles, rowsOf(arrangement).slice(0, 4)];
    };
    expect(at(1000)).toEqual(['beside', [0, 0, 1, 1]]);
    expect(at(750)).toEqual(['above', [0, 0, 1, 1]]);
    expect(at(348)).toEqual(['above', [0, 1, 2, 3]]);
    expect(at(2500)).toEqual(['above', [0, 0, 0, 0]]);
  });

  it('is as tall as its titles need, and small where nothing stands', () => {
    const titles = new Map([[1, 300]]);
    const board = layoutBoard(specs, arrange(specs, room(1000)), empty(specs), {
      ...heads,
      titles,
    });
    const height = (row: number) => board.rows.get(row)?.height ?? 0;
    expect(height(0)).toBeLessThan(100);
    expect(height(1)).toBe(300);
  });

  it('makes room for a title above its row, and above the first cell of a stack only', () => {
    const titles = new Map([0, 1, 2, 3].map((row) => [row, 40]));
    const stacked = layoutBoard(specs, arrange(specs, room(348)), empty(specs), {
      ...heads,
      titles,
    });
    const [from, to, next] = ['0/0', '0/1', '1/0'].map((id) => stacked.zones.get(id));
    const bottom = (box: typeof from) => (box?.y ?? 0) + (box?.height ?? 0);
    expect(from?.y).toBe(40);
    expect((to?.y ?? 0) - bottom(from)).toBeLessThan(40);
    expect((next?.y ?? 0) - bottom(to)).toBeGreaterThan(40);
    expect(stacked.rows.get(0)).toMatchObject({ y: 0, height: bottom(to) });
  });

  it('keeps cells of a row in line', () => {
    const zones = new Map([['0/1', 90]]);
    const board = layoutBoard(specs, arrange(specs, room(1000)), empty(specs), { ...heads, zones });
    expect(board.zones.get('0/0')?.fieldY).toBe(board.zones.get('0/1')?.fieldY);
    expect(board.zones.get('1/0')?.x).toBe(board.zones.get('0/0')?.x);
  });

  it('leaves room for titles beside it', () => {
    const least = arrange(specs, room(1e6)).width / 2;
    for (let px = 720; px < 1300; px += 1) {
      const { titles, width } = arrange(specs, room(px));
      if (titles === 'beside') expect(px - TITLE_PX).toBeGreaterThanOrEqual(width * 0.75);
      expect(width).toBeLessThanOrEqual(least);
    }
  });
});

describe('a point of the board', () => {
  it('is in a zone, or nearest to one', () => {
    const specs = beside(2);
    const board = layoutBoard(specs, arrange(specs, room(1400)), empty(specs), heads);
    expect(zoneAt(board, { x: 10, y: 10 })).toBe('z0');
    expect(zoneAt(board, { x: board.width + 500, y: -40 })).toBe('z1');
  });
});
