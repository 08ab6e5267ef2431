/** Two rounds of a change map side by side: what became of the last one, what is gone, what is new. */
import type { RowDefinition } from './workshop';

/** A note as far as rounds are compared by it. `zone` is `<row>/<column>`. */
export interface RoundNote {
  readonly id: string;
  readonly zone: string;
  readonly text: string;
}

export type Fate = 'became' | 'kept' | 'reworded' | 'gone';

/** A note of the last round's To, and what has come of it. */
export interface Arrived {
  readonly note: RoundNote;
  readonly fate: Fate;
  /** Its words now, where they changed. */
  readonly now: string | null;
  /** Texts of the notes that it became. */
  readonly became: readonly string[];
}

export interface RowRounds {
  readonly row: RowDefinition;
  readonly before: readonly RoundNote[];
  readonly arrived: readonly Arrived[];
  /** Written in this round: under From, and under To. */
  readonly newFrom: readonly RoundNote[];
  readonly newTo: readonly RoundNote[];
}

export interface Rounds {
  readonly rows: readonly RowRounds[];
  readonly counts: Readonly<Record<Fate | 'new', number>>;
}

/**
 * `old`, `now`: notes of both maps; a note that was carried over kept its id. `columns`: from, to.
 * `became`: id of a From note → ids of the To notes it is linked with.
 */
export function compareRounds(
  rows: readonly RowDefinition[],
  [from, to]: readonly [string, string],
  old: readonly RoundNote[],
  now: readonly RoundNote[],
  became: ReadonlyMap<string, readonly string[]>,
): Rounds {
  const present = new Map(now.map((note) => [note.id, note]));
  const carried = new Set(old.filter(({ zone }) => zone.endsWith(`/${to}`)).map(({ id }) => id));
  const fateOf = (note: RoundNote): Arrived => {
    const here = present.get(note.id);
    const texts = (became.get(note.id) ?? []).flatMap((id) => present.get(id)?.text ?? []);
    const words = here && here.text !== note.text ? here.text : null;
    const stayed = words === null ? 'kept' : 'reworded';
    const fate = !here ? 'gone' : texts.length > 0 ? 'became' : stayed;
    return { note, fate, now: words, became: here ? texts : [] };
  };
  const found = rows.map((row): RowRounds => {
    const cell = (notes: readonly RoundNote[], column: string) =>
      notes.filter(({ zone }) => zone === `${row.id}/${column}`);
    return {
      row,
      before: cell(old, from),
      arrived: cell(old, to).map(fateOf),
      newFrom: cell(now, from).filter(({ id }) => !carried.has(id)),
      newTo: cell(now, to).filter(({ id }) => !carried.has(id)),
    };
  });
  const counts = { became: 0, kept: 0, reworded: 0, gone: 0, new: 0 };
  for (const { arrived, newFrom, newTo } of found) {
    for (const { fate } of arrived) counts[fate] += 1;
    counts.new += newFrom.length + newTo.length;
  }
  return { rows: found, counts };
}
