/**
 * A board document as the client reads it, for tests that hold both readers together
 * (tests/interop/test_readers.py, tests/vectors/schema.json).
 */
import * as Y from 'yjs';
import { isCrossed, readExperiments } from '../experiments';
import { readLinks, type End } from '../links';
import { readingOrder } from '../order';
import { answersOf, answerText, readVote, votesOf } from '../schema';
import { BoardStore } from '../store';

/** `{$text}`, `{$map}` or plain JSON; `{$drop}` takes away what is there. */
type Value = unknown;
/** Root, key and value; or root, key, field and value. */
export type Edit = readonly [string, string, Value] | readonly [string, string, string, Value];

/** How a board with these edits is read, and one that arrives as this update (base64). */
export function ask({ board, ...question }: { board: string } & Question) {
  return answer(question, (doc) => read(doc, board));
}

export interface Question {
  readonly edits: readonly Edit[];
  readonly update: string;
}

/** What is read of a document with these edits and of one that arrives, and the first as an update. */
export function answer({ edits, update }: Question, readDoc: (doc: Y.Doc) => unknown) {
  const made = edited(edits);
  const arrived = new Y.Doc();
  Y.applyUpdate(
    arrived,
    Uint8Array.from(atob(update), (byte) => byte.charCodeAt(0)),
  );
  const bytes = Array.from(Y.encodeStateAsUpdate(made), (byte) => String.fromCharCode(byte));
  return { edited: readDoc(made), arrived: readDoc(arrived), update: btoa(bytes.join('')) };
}

export function edited(edits: readonly Edit[]): Y.Doc {
  const doc = new Y.Doc();
  for (const edit of edits) {
    const root = doc.getMap<unknown>(edit[0]);
    const held = edit.length === 3 ? root : root.get(edit[1]);
    if (held instanceof Y.Map) put(held, String(edit.at(-2)), edit.at(-1));
  }
  return doc;
}

function put(map: Y.Map<unknown>, key: string, value: Value): void {
  const { $drop, $text, $map } = Object(value) as Record<string, unknown>;
  if ($drop !== undefined) return map.delete(key);
  if ($text !== undefined) map.set(key, new Y.Text(String($text)));
  else if ($map !== undefined) {
    map.set(key, new Y.Map());
    const made = map.get(key) as Y.Map<unknown>;
    for (const [name, part] of Object.entries($map as object)) put(made, name, part);
  } else map.set(key, value);
}

const place = ({ x, y }: { x: number | null; y: number | null }) => (x === null ? null : [x, y]);
const ends = ({ board, kind, id }: End) => [board, kind, id];

export function read(doc: Y.Doc, board: string): unknown {
  const store = new BoardStore(doc, board, (flush) => flush());
  const dots = new Map<string, number>();
  for (const [key, value] of votesOf(doc)) {
    const vote = readVote(key, value);
    dots.set(vote.note, (dots.get(vote.note) ?? 0) + vote.dots);
  }
  const notes: Record<string, unknown[]> = {};
  for (const { x, y, ...note } of readingOrder(store.notes.values(), store.themes)) {
    const told = { ...note, position: place({ x, y }), votes: dots.get(note.id) ?? 0 };
    (notes[note.zone] ??= []).push(told);
  }
  return {
    notes,
    themes: Object.fromEntries(
      [...store.themes].map(([id, { name, zone, x, y }]) => [
        id,
        { name, zone, position: place({ x, y }) },
      ]),
    ),
    links: readLinks(doc, board).map(({ id, kind, from, to }) => [id, kind, ends(from), ends(to)]),
    answers: Object.fromEntries(
      [...answersOf(doc).keys()].flatMap((key) => {
        const text = answerText(doc, key);
        return text ? [[key, text.toString()]] : [];
      }),
    ),
    experiments: readExperiments(doc).map(({ id, at, texts, start, end, checks }) => {
      const days = { ...(start !== null && { start }), ...(end !== null && { end }) };
      const crossed = isCrossed({ start, end });
      return { id, at, fields: { ...texts, ...days }, checks, crossed };
    }),
  };
}
