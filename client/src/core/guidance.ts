/** Changes of the workbook for one workshop, as the desk keeps them: values in, values out. */
import type { Workbook } from '../lib/boot';
import type { Language } from '../lib/texts';

type Words = Readonly<Partial<Record<Language, string>>>;

export interface StageChange {
  readonly id: string;
  readonly hidden?: boolean;
  readonly title?: Words;
  readonly minutes?: readonly number[];
  /** Keys of its boards, in order. */
  readonly boards?: readonly string[];
}

export interface BoardChange {
  readonly hidden?: boolean;
  readonly title?: Words;
  readonly minutes?: readonly number[];
  /** All of them, one a line. */
  readonly principles?: Words;
  readonly prompts?: Readonly<Record<string, Words>>;
}

export interface Guidance {
  readonly stages?: readonly StageChange[];
  readonly boards?: Readonly<Record<string, BoardChange>>;
}

/** One stage changed; all stages are named then, so that their order is kept. */
export function withStage(
  guidance: Guidance,
  workbook: Workbook,
  id: string,
  change: Omit<StageChange, 'id'>,
): Guidance {
  const stages = allStages(guidance, workbook).map((stage) =>
    stage.id === id ? { ...stage, ...change } : stage,
  );
  return { ...guidance, stages };
}

/** A stage one place earlier (-1) or later (1). */
export function withMoved(
  guidance: Guidance,
  workbook: Workbook,
  id: string,
  by: -1 | 1,
): Guidance {
  const stages = allStages(guidance, workbook);
  const from = stages.findIndex((stage) => stage.id === id);
  return { ...guidance, stages: moved(stages, from, by) };
}

/** A board one place earlier (-1) or later (1) in its stage. */
export function withBoardMoved(
  guidance: Guidance,
  workbook: Workbook,
  key: string,
  by: -1 | 1,
): Guidance {
  const stage = workbook.stages.find(({ boards }) => boards.includes(key));
  if (!stage) return guidance;
  const told = guidance.stages?.find(({ id }) => id === String(stage.id));
  const order = [...new Set([...(told?.boards ?? []), ...stage.boards])];
  const boards = moved(order, order.indexOf(key), by);
  return withStage(guidance, workbook, String(stage.id), { boards });
}

export function withBoard(guidance: Guidance, key: string, change: BoardChange): Guidance {
  const before = guidance.boards?.[key] ?? {};
  return { ...guidance, boards: { ...guidance.boards, [key]: { ...before, ...change } } };
}

/** A board's name or principles in one language; the others stay as they are. */
export function withWords(
  guidance: Guidance,
  key: string,
  part: 'title' | 'principles',
  language: Language,
  text: string,
): Guidance {
  const before = guidance.boards?.[key]?.[part];
  return withBoard(guidance, key, { [part]: { ...before, [language]: text } });
}

/** One prompt in one language; the others stay as they are. */
export function withPrompt(
  guidance: Guidance,
  key: string,
  id: string,
  language: Language,
  text: string,
): Guidance {
  const prompts = guidance.boards?.[key]?.prompts ?? {};
  const words = { ...prompts[id], [language]: text };
  return withBoard(guidance, key, { prompts: { ...prompts, [id]: words } });
}

/** Two whole numbers, the second not below the first; null for anything else. */
export function readMinutes(from: string, to: string): [number, number] | null {
  const [least, most] = [Number(from), Number(to)];
  const whole = [from, to].every((text) => /^\d{1,4}$/.test(text.trim()));
  return whole && least <= most ? [least, most] : null;
}

function moved<T>(items: readonly T[], from: number, by: -1 | 1): T[] {
  const to = Math.min(items.length - 1, Math.max(0, from + by));
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

/** Every stage in the order they are done: the workbook may be a moment older than the guidance. */
function allStages(guidance: Guidance, workbook: Workbook): StageChange[] {
  const told = guidance.stages ?? [];
  const named = new Set(told.map(({ id }) => id));
  const rest = workbook.stages.map(({ id }) => String(id)).filter((id) => !named.has(id));
  return [...told, ...rest.map((id) => ({ id }))];
}
