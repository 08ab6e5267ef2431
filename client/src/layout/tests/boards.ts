/** Boards to lay out, the same in every run: those with a name, and many made by dice. */
import { NOTE_COLORS, type Note, type Theme } from '../../document/schema';
import type { ZoneSpec } from '../zones';

export interface Sample {
  readonly name: string;
  readonly zones: readonly Pick<ZoneSpec, 'id' | 'row' | 'column' | 'columns' | 'cell'>[];
  /** Of the screen between its margins, CSS pixels. */
  readonly px: number;
  /** Heights of the zones' headings, board units. */
  readonly headings: Readonly<Record<string, number>>;
  readonly notes: readonly Note[];
  readonly themes: readonly Theme[];
}

const TEXTS = [
  '',
  'hei',
  'Asiakas odottaa vastausta liian kauan',
  'Yhteiset aamupalaverit auttoivat: tiedämme, mitä muut tekevät, ja kysymme ajoissa apua.',
  'kehittämissuunnitelmaluonnosversio',
  'rivi\nrivi\n\nrivi',
  'tiimi-, yksikkö- ja organisaatiotasolla',
  'Ü 😀 日本語 ﬁ',
  'a '.repeat(120).trim(),
  'pitkä sana '.repeat(40).trim(),
];

const note = (id: string, zone: string, more: Partial<Note> = {}): Note => ({
  id,
  zone,
  text: 'hei',
  color: NOTE_COLORS[0],
  at: 0,
  author: null,
  group: null,
  theme: null,
  carried: false,
  x: null,
  y: null,
  ...more,
});

const theme = (id: string, zone: string, more: Partial<Theme> = {}): Theme => ({
  id,
  zone,
  name: 'Ryhmä',
  x: null,
  y: null,
  ...more,
});

const ONE = [{ id: 'z', row: 0, column: 0, columns: 3, cell: null }];
const many = (count: number, more: (i: number) => Partial<Note> = () => ({})): Note[] =>
  Array.from({ length: count }, (_, i) => note(`n${String(i).padStart(3, '0')}`, 'z', more(i)));

function sample(name: string, notes: Note[], themes: Theme[] = []): Sample {
  return { name, zones: ONE, px: 1400, headings: { z: 64 }, notes, themes };
}

const NAMED: readonly Sample[] = [
  sample('nothing', []),
  sample(
    'texts of every kind flow',
    many(TEXTS.length, (i) => ({ text: TEXTS[i] ?? '' })),
  ),
  sample('many notes flow downwards', many(40)),
  sample(
    'unplaced notes flow below the placed ones',
    many(6, (i) => (i < 2 ? { x: 300 * i, y: 40 } : {})),
  ),
  sample(
    'notes at one spot step aside',
    many(4, () => ({ x: 100, y: 100 })),
  ),
  sample(
    'places outside the field are drawn at its edge',
    many(3, (i) => ({ x: -50 + i * 30_000, y: -5 })),
  ),
  sample(
    'a theme that grows makes room',
    many(12, (i) => (i < 9 ? { theme: 't' } : { x: 20 + 40 * i, y: 60 })),
    [theme('t', 'z', { x: 20, y: 20 }), theme('u', 'z', { x: 30, y: 40 })],
  ),
  sample(
    'themes without a place flow with the notes, long names and all',
    many(30, (i) => (i < 20 ? { theme: i % 2 ? 't' : 'u' } : {})),
    [theme('t', 'z', { name: TEXTS[9] ?? '' }), theme('u', 'z', { name: '' })],
  ),
];

/** Numbers in [0, 1), the same every time. Source: mulberry32, public domain. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function thrown(seed: number): Sample {
  const next = dice(seed);
  const upTo = (count: number) => Math.floor(next() * count);
  const place = () => (next() < 0.5 ? { x: upTo(900), y: upTo(700) } : { x: null, y: null });
  const [rows, columns] = [1 + upTo(3), 1 + upTo(3)];
  const zones = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const named = { fi: `${i}`, sv: `${i}`, en: `${i}` };
    const cell = rows > 1 ? { row: named, column: named } : null;
    return { id: `z${i}`, row, column, columns: rows > 1 ? 2 : 3, cell };
  });
  const zone = () => `z${upTo(zones.length)}`;
  const themes = Array.from({ length: upTo(4) }, (_, i) =>
    theme(`t${i}`, zone(), { name: TEXTS[upTo(TEXTS.length)] ?? '', ...place() }),
  );
  const notes = Array.from({ length: upTo(40) }, (_, i) => {
    const under = themes[upTo(themes.length * 3)] ?? null;
    const group = next() < 0.3 ? 'g' : null;
    const [text, at] = [TEXTS[upTo(TEXTS.length)] ?? '', upTo(5)];
    const more = under ? { theme: under.id } : place();
    return note(`n${i}`, under?.zone ?? zone(), { text, at, group, ...more });
  });
  const headings = Object.fromEntries(zones.map(({ id }) => [id, 40 + upTo(60)]));
  const px = [360, 800, 1100, 1400, 2500][seed % 5] ?? 1400;
  return { name: `dice ${seed}`, zones, px, headings, notes, themes };
}

export const SAMPLES: readonly Sample[] = [
  ...NAMED,
  ...Array.from({ length: 24 }, (_, seed) => thrown(seed)),
];
