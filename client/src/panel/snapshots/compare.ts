/** What has become of a board since a snapshot, by the ids of what stands on it. */
import type { Board, Note } from '../../workshop/api-types';

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

const byId = (notes: readonly Note[]) => new Map(notes.map((note) => [note.id, note]));

function written({ experiments }: Board): Record<string, string> {
  const texts = experiments.map(({ id, fields, checks }) => [id, JSON.stringify([fields, checks])]);
  return Object.fromEntries(texts) as Record<string, string>;
}

function differing(before: Record<string, string>, now: Record<string, string>): number {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].filter((key) => (before[key] ?? '') !== (now[key] ?? '')).length;
}
