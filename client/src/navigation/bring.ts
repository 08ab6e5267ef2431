import { api, ApiProblem, Unreachable } from '../api/api';
import { Courier, type Answer } from '../net/outbox/courier';
import { shelf } from '../net/outbox/shelf';
import { readNotice } from '../net/wire/wire';

/** Refusals of this very update; all others say that the server cannot take it now. */
const REFUSALS: readonly number[] = [400, 409, 413, 422];
/** Codes of what passes: a lock or an observer, a board that is full in bytes. */
const HELD: readonly string[] = ['not-allowed', 'board-full'];

/** What an attempt to bring an update came to. */
export async function answerOf(
  bringing: Promise<{ readonly notices: readonly unknown[] }>,
): Promise<Answer> {
  try {
    const { notices } = await bringing;
    return { kind: 'taken', notices: notices.map(readNotice).filter((one) => one !== null) };
  } catch (error) {
    if (error instanceof ApiProblem) return refusal(error);
    if (error instanceof Unreachable) return { kind: 'silent' };
    throw error;
  }
}

function refusal({ status, code }: ApiProblem): Answer {
  if (HELD.includes(code)) return { kind: 'held' };
  if (status === 404 && code === 'board-gone') return { kind: 'refused', code };
  return REFUSALS.includes(status) ? { kind: 'refused', code } : { kind: 'silent' };
}

/** Bring what waits of a person whose workshop is not open; gives how to stop. */
export function bringFor(person: string): () => void {
  const courier = new Courier({
    shelf: shelf(),
    person,
    deliver: (...edit) => answerOf(api.bring(...edit)),
    outlook: () => 'ask',
    isTended: () => false,
    givesUp: () => null,
    onBrought: () => undefined,
    onNotice: () => undefined,
  });
  courier.nudge();
  return () => courier.destroy();
}
