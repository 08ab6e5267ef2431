/**
 * Where everything stands, as tests/vectors/layout.json has it: a twin in another language must put
 * it there as well. After a change of the layout: `npm --prefix client run layout-vectors`.
 */
import { expect, it } from 'vitest';
import type { Theme } from '../../document/schema';
import { arrange, layoutBoard } from '../board';
import { fieldWidth, layoutZone, type Box, type ZoneLayout } from '../layout';
import type { ZoneSpec } from '../zones';
import { SAMPLES, type Sample } from './boards';

const box = ({ x, y, width, height }: Box) => [x, y, width, height];
const listed = <Value>(map: ReadonlyMap<string, Value>, told: (value: Value) => unknown) =>
  Object.fromEntries([...map].map(([id, value]) => [id, told(value)]));

function zoneOf({ notes, themes }: Sample, zone: string, columns: number): ZoneLayout {
  const own = themes.filter((theme) => theme.zone === zone);
  return layoutZone(
    notes.filter((note) => note.zone === zone),
    new Map(own.map((theme): [string, Theme] => [theme.id, theme])),
    columns,
  );
}

/** What goes in, and where it then stands: boxes are `[x, y, width, height]`, board units. */
function laidOut(sample: Sample) {
  const layouts = new Map(sample.zones.map(({ id, columns }) => [id, zoneOf(sample, id, columns)]));
  const specs = sample.zones as readonly ZoneSpec[];
  const arrangement = arrange(specs, { px: sample.px, least: 0.75 });
  const heads = { zones: new Map(Object.entries(sample.headings)), titles: new Map() };
  const board = layoutBoard(specs, arrangement, layouts, heads);
  return {
    ...sample,
    zones: sample.zones.map(({ id, row, column, columns, cell }) => {
      return { id, row, column, columns, grid: cell !== null };
    }),
    notes: sample.notes.map(({ id, zone, text, at, group, theme, x, y }) => {
      return { id, zone, text, at, group, theme, position: x === null ? null : [x, y] };
    }),
    themes: sample.themes.map(({ id, zone, name, x, y }) => {
      return { id, zone, name, position: x === null ? null : [x, y] };
    }),
    layout: {
      size: [board.width, board.height],
      zones: listed(board.zones, (zone) => [...box(zone), zone.fieldY]),
      fields: listed(layouts, ({ order, places, frames, columns, height }) => ({
        order,
        size: [fieldWidth(columns), height],
        notes: listed(places, (place) => [...box(place), place.placed]),
        themes: listed(frames, (frame) => [...box(frame), frame.head, frame.placed]),
      })),
    },
  };
}

it('stands where it stood', async () => {
  const lines = SAMPLES.map((sample) => JSON.stringify(laidOut(sample)));
  await expect(`[\n${lines.join(',\n')}\n]\n`).toMatchFileSnapshot(
    '../../../../tests/vectors/layout.json',
  );
});
