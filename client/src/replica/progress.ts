/** How far the work on a board has come, as far as its document tells. */
import { follow } from './follow';
import { experimentsOf, readExperiments } from '../document/experiments';
import { answersOf, answerText } from '../document/schema';
import type { Replica } from './replica.svelte';

/** `of`: questions that are asked. A survey's answers are in no document. */
export type Progress =
  | { readonly kind: 'notes'; readonly n: number }
  | { readonly kind: 'answers'; readonly n: number; readonly of: number }
  | { readonly kind: 'experiments'; readonly n: number };

/** Told again whenever it changes; null for what cannot be counted, and before the board has come. */
export function progressOf(replica: Replica): Progress | null {
  if (!replica.loaded) return null;
  const { doc, view } = replica;
  if (view.kind === 'notes' || view.kind === 'grid')
    return { kind: 'notes', n: replica.state.count };
  if (view.kind === 'plan') {
    follow(experimentsOf(doc));
    return { kind: 'experiments', n: readExperiments(doc).length };
  }
  if (view.kind !== 'answers') return null;
  follow(answersOf(doc));
  const questions = view.questions ?? [];
  const answered = questions.filter(({ id }) => answerText(doc, id)?.toString().trim());
  return { kind: 'answers', n: answered.length, of: questions.length };
}
