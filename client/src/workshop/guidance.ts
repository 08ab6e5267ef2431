/** Changes of the workbook for one workshop, as the desk keeps them and as they are sent: only what
 * changes, so that two facilitators undo nothing of each other. */
import type { DeskPatch, Guidance as GuidanceTold } from './api-types';
import type { Language } from '../i18n/texts';

type Words = Readonly<Partial<Record<Language, string>>>;

export type Guidance = GuidanceTold;
export type StageChange = NonNullable<Guidance['stages']>[number];
export type BoardChange = NonNullable<Guidance['boards']>[string];
/** What is laid over the guidance that is there. `by`: places later, or earlier when below zero. */
export type GuidanceChange = NonNullable<DeskPatch['guidance_change']>;

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
