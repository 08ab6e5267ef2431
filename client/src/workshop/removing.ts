/** Many notes of others at once are deleted only after a question, and who leads hears of it. */

/** So many notes of others vanish without a question. The twin of server/sync/judging/alarms.py. */
export const UNASKED = 5;

/** Those of these notes that somebody else than `person` wrote; null: nobody knows who did. */
export function othersAmong(authors: Iterable<string | null>, person: string | null): number {
  return [...authors].filter((author) => author === null || author !== person).length;
}
