/** Changes of the workbook for one workshop, as the desk keeps them: values in, values out. */
import type { Workbook } from '../lib/boot';
import type { Language } from '../lib/texts';

type Words = Readonly<Partial<Record<Language, string>>>;

export interface StageChange {
  readonly id: string;
  readonly hidden?: boolean;
  readonly title?: Words;
  readonly minutes?: readonly number[];
}

export interface BoardChange {
  readonly hidden?: boolean;
  readonly minutes?: readonly number[];
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
  const stages = [...allStages(guidance, workbook)];
  const from = stages.findIndex((stage) => stage.id === id);
  const [stage] = stages.splice(from, 1);
  if (stage) stages.splice(Math.max(0, from + by), 0, stage);
  return { ...guidance, stages };
}

export function withBoard(guidance: Guidance, key: string, change: BoardChange): Guidance {
  const before = guidance.boards?.[key] ?? {};
  return { ...guidance, boards: { ...guidance.boards, [key]: { ...before, ...change } } };
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

function allStages(guidance: Guidance, workbook: Workbook): StageChange[] {
  const told = new Map((guidance.stages ?? []).map((stage) => [stage.id, stage]));
  return workbook.stages.map(({ id }) => told.get(String(id)) ?? { id: String(id) });
}
