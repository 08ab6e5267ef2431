/** Changes of the workbook for one workshop, as the desk keeps them and as they are sent: only what
 * changes, so that two facilitators undo nothing of each other. */
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

/** What is laid over the guidance that is there. `by`: places later, or earlier when below zero. */
export interface GuidanceChange extends Guidance {
  readonly move?: { readonly stage: string; by: number } | { readonly board: string; by: number };
}

export const ofStage = (id: string, change: Omit<StageChange, 'id'>): GuidanceChange => ({
  stages: [{ id, ...change }],
});

export const ofBoard = (key: string, change: BoardChange): GuidanceChange => ({
  boards: { [key]: change },
});

/** One prompt in one language; the others stay as they are. */
export const ofPrompt = (key: string, id: string, words: Words): GuidanceChange =>
  ofBoard(key, { prompts: { [id]: words } });

/** Two whole numbers, the second not below the first; null for anything else. */
export function readMinutes(from: string, to: string): [number, number] | null {
  const [least, most] = [Number(from), Number(to)];
  const whole = [from, to].every((text) => /^\d{1,4}$/.test(text.trim()));
  return whole && least <= most ? [least, most] : null;
}
