/** A survey as plain values: its form, an unfinished answer, and the rounds that the server tells. */
import { LIMITS } from '../text/limits';
import type {
  Asked,
  Distribution,
  SurveyRound,
  WorkbookBoard,
  WorkbookForm,
  WorkbookScale,
} from './api-types';

export type SurveyForm = WorkbookForm;
export type Statement = WorkbookForm['statements'][number];
export type Topic = NonNullable<WorkbookBoard['themes']>[number];
export type Scale = WorkbookScale;
/** `counts`: how many chose each step, the first step first. */
export type { Distribution };
/** A round as the server tells it: while it is open, the number of answers is all there is. */
export type Round = SurveyRound;
/** Whom a round would ask that is opened now, and whom it would not. */
export type Whom = Asked;

/** null: can't say. */
export type Rating = number | null;

/** An answer that is not sent (yet). */
export interface Draft {
  readonly ratings: Readonly<Record<string, Rating>>;
  readonly comment: string;
}

export const STEPS = [1, 2, 3, 4, 5] as const;
/** Answers below which nothing is told; the server decides, this explains. */
export const FLOOR = LIMITS.surveyFloor;
export const EMPTY_DRAFT: Draft = { ratings: {}, comment: '' };

/** A draft as it was kept; what does not fit the form (any more) is left out. */
export function readDraft(kept: string | null, form: SurveyForm): Draft {
  const value = parsed(kept);
  const given = objectOf(value['ratings']);
  const ratings: Record<string, Rating> = {};
  for (const { id } of form.statements) {
    const rating = given[id];
    if (rating === null || STEPS.some((step) => step === rating)) ratings[id] = rating as Rating;
  }
  const { comment } = value;
  return { ratings, comment: typeof comment === 'string' ? comment.slice(0, LIMITS.comment) : '' };
}

/** How many statements have been answered; who can't say has answered. */
export function answeredIn(form: SurveyForm, { ratings }: Draft): number {
  return form.statements.filter(({ id }) => ratings[id] !== undefined).length;
}

/** Statements under their themes, in the workbook's order; a theme without statements is left out. */
export function sectionsOf(
  form: SurveyForm,
  topics: readonly Topic[],
): { topic: Topic; statements: readonly Statement[] }[] {
  return topics
    .map((topic) => ({
      topic,
      statements: form.statements.filter(({ theme }) => theme === topic.id),
    }))
    .filter(({ statements }) => statements.length > 0);
}

/** The mean of one's own ratings; null where nothing was rated. */
export function ownMean(statements: readonly Statement[], { ratings }: Draft): number | null {
  const given = statements.map(({ id }) => ratings[id]).filter((r) => typeof r === 'number');
  return given.length === 0 ? null : given.reduce((sum, r) => sum + r, 0) / given.length;
}

/** Each step's part of the ratings, 0 to 1: rounds of different size can be laid side by side. */
export function shares({ counts }: Distribution): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (all === 0 ? 0 : count / all));
}

/** The released round before `round`: what its numbers are compared with. */
export function roundBefore(rounds: readonly Round[], round: number): Round | null {
  return rounds.findLast((other) => other.round < round && other.released) ?? null;
}

export function distributionOf(round: Round | null, statement: string): Distribution | null {
  return round?.statements.find(({ id }) => id === statement)?.distribution ?? null;
}

function parsed(kept: string | null): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(kept ?? '{}'));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Of the rounds that are over, oldest first: the newest with results, else the newest of all. */
export function roundToShow(closed: readonly Round[]): Round | null {
  return closed.findLast(({ released }) => released) ?? closed.at(-1) ?? null;
}
