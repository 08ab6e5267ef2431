/** "This became that": which notes of a row are tied from From to To, live. */
import type * as Y from 'yjs';
import { readLinks } from './links';
import { linksOf } from './schema';

export interface Became {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export function readBecame(doc: Y.Doc, board: string): Became[] {
  return readLinks(doc, board)
    .filter(({ kind, from, to }) => kind === 'became' && from.board === board && to.board === board)
    .filter(({ from, to }) => from.kind === 'note' && to.kind === 'note')
    .map(({ id, from, to }) => ({ id, from: from.id, to: to.id }));
}

export class BecameTies {
  now = $state.raw<readonly Became[]>([]);
  readonly #doc: Y.Doc;
  readonly #board: string;

  /** `board`: the shared board's id, as ends of links name it. */
  constructor(doc: Y.Doc, board: string) {
    this.#doc = doc;
    this.#board = board;
    this.#read();
  }

  /** Follow the document; gives how to stop. */
  follow(): () => void {
    this.#read();
    linksOf(this.#doc).observe(this.#read);
    return () => linksOf(this.#doc).unobserve(this.#read);
  }

  readonly #read = (): void => {
    this.now = readBecame(this.#doc, this.#board);
  };
}
