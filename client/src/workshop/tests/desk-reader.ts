/** A desk as the client reads it, for tests that hold both readers together (tests/interop). */
import type * as Y from 'yjs';
import { answer, type Question } from '../../document/tests/reader';
import { readDesk } from '../desk';

/** How a desk with these edits is read, and one that arrives as this update (base64). */
export function ask(question: Question) {
  return answer(question, read);
}

/** As GET /api/workshops/{id} tells it: entries as lists. */
export function read(doc: Y.Doc): unknown {
  const { people, boards, breakouts, ...fields } = readDesk(doc);
  return {
    ...fields,
    people: Object.values(people),
    boards: Object.values(boards),
    breakouts: Object.values(breakouts),
  };
}
