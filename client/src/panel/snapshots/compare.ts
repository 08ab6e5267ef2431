/** What has become of a board since a snapshot, by the ids of what stands on it. */
import type { Board, Note } from '../../workshop/api-types';

export type Happened = 'added' | 'changed' | 'moved' | 'deleted';

export interface Since {
  readonly added: readonly Note[];
  readonly deleted: readonly Note[];
  /** In other words, or in another colour; as they are now. */
  readonly changed: readonly Note[];
  /** To another zone or theme, and not changed otherwise. */
  readonly moved: readonly Note[];
  /** Answers that read otherwise, and experiments that are new, gone or changed. */
  readonly answers: number;
  readonly experiments: number;
}

export function since(before: Board, now: Board): Since {
  const old = byId(before.notes);
  const stays = now.notes.flatMap((note) => {
    const was = old.get(note.id);
    return was ? [{ was, note }] : [];
  });
  const isChanged = ({ was, note }: (typeof stays)[number]) =>
    was.text !== note.text || was.color !== note.color;
  const isMoved = ({ was, note }: (typeof stays)[number]) =>
    was.zone !== note.zone || was.theme !== note.theme;
  const alive = byId(now.notes);
  return {
    added: now.notes.filter(({ id }) => !old.has(id)),
    deleted: before.notes.filter(({ id }) => !alive.has(id)),
    changed: stays.filter(isChanged).map(({ note }) => note),
    moved: stays.filter((pair) => isMoved(pair) && !isChanged(pair)).map(({ note }) => note),
    answers: differing(before.answers, now.answers),
    experiments: differing(written(before), written(now)),
  };
}

/** Nothing that is told of; places and dots are not. */
export function isSame({ answers, experiments, ...notes }: Since): boolean {
  return answers + experiments === 0 && Object.values(notes).every(({ length }) => length === 0);
}

/** One note that is otherwise. `note`: as it is now, or was when it went. */
export interface Line {
  readonly mark: Happened;
  readonly note: Note;
  /** Of one that stays: as it was. */
  readonly was: Note | null;
}

/** All of them: what came, then what was changed and moved, then what went. */
export function linesOf(before: Board, news: Since): Line[] {
  const old = byId(before.notes);
  const lines = (mark: Happened): Line[] =>
    news[mark].map((note) => ({
      mark,
      note,
      was: mark === 'changed' || mark === 'moved' ? (old.get(note.id) ?? null) : null,
    }));
  return [...lines('added'), ...lines('changed'), ...lines('moved'), ...lines('deleted')];
}

export interface Section {
  /** What its lines have in common: a zone, a group or a person; "" for none. */
  readonly key: string;
  readonly lines: readonly Line[];
}

/** Lines by what they have in common; `order`: keys that are known, as they follow one another. */
export function sectionsOf(
  lines: readonly Line[],
  keyOf: (note: Note) => string | null,
  order: readonly string[],
): Section[] {
  const found = new Map<string, Line[]>(order.map((key) => [key, []]));
  for (const line of lines) {
    const key = keyOf(line.note) ?? '';
    found.set(key, [...(found.get(key) ?? []), line]);
  }
  const none = found.get('') ?? [];
  found.delete('');
  found.set('', none);
  return [...found].flatMap(([key, own]) => (own.length > 0 ? [{ key, lines: own }] : []));
}

const byId = (notes: readonly Note[]) => new Map(notes.map((note) => [note.id, note]));

function written({ experiments }: Board): Record<string, string> {
  const texts = experiments.map(({ id, fields, checks }) => [id, JSON.stringify([fields, checks])]);
  return Object.fromEntries(texts) as Record<string, string>;
}

function differing(before: Record<string, string>, now: Record<string, string>): number {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].filter((key) => (before[key] ?? '') !== (now[key] ?? '')).length;
}
