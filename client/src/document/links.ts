/** Links between items, also of different boards, as plain values. Spelling: docs/protocol.md. */
import type * as Y from 'yjs';
import { linksOf, plainOf } from './schema';

export type LinkKind = 'relates' | 'became' | 'evidence';
export type EndKind = 'note' | 'row' | 'answer' | 'experiment';

/** An end of a link: a note, a row of a grid, an answer, an experiment. `board`: a shared board. */
export interface End {
  readonly board: string;
  readonly kind: EndKind;
  readonly id: string;
}

/** An item of the board that one is on, called for: it gets the keyboard's focus. */
export interface FocusRequest {
  /** A remark is of an assessment, and no end of links. */
  readonly kind: EndKind | 'remark';
  readonly id: string;
}

/** A link as a document keeps it. */
export interface LinkFields {
  readonly from: string;
  readonly to: string;
  readonly kind: LinkKind;
}

export interface Link {
  readonly id: string;
  /** The board whose document keeps it. */
  readonly home: string;
  readonly kind: LinkKind;
  readonly from: End;
  readonly to: End;
}

const KINDS: readonly string[] = ['relates', 'became', 'evidence'];
const SPELT = /^(?:([^#]+)#)?(?:(row|answer|experiment)\/)?(.+)$/s;

/** `home`: the board whose document says it. Null for what is no end. */
export function readEnd(text: unknown, home: string): End | null {
  const [, board = home, kind = 'note', id] =
    typeof text === 'string' ? (SPELT.exec(text) ?? []) : [];
  return id === undefined ? null : { board, kind: kind as EndKind, id };
}

export function spellEnd({ board, kind, id }: End, home: string): string {
  return `${board === home ? '' : `${board}#`}${kind === 'note' ? '' : `${kind}/`}${id}`;
}

/** An end by one name, wherever it is told. */
export function endKey(end: End): string {
  return spellEnd(end, '');
}

/** The links that a document keeps, by id; a malformed one, or of another kind, is left out. */
export function readLinks(doc: Y.Doc, home: string): Link[] {
  return [...linksOf(doc)]
    .flatMap(([id, value]) => readLink(id, value, home))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readLink(id: string, value: unknown, home: string): Link[] {
  const { from, to, kind } = (plainOf(value) ?? {}) as Record<string, unknown>;
  const ends = [readEnd(from, home), readEnd(to, home)] as const;
  if (!ends[0] || !ends[1] || typeof kind !== 'string' || !KINDS.includes(kind)) return [];
  return [{ id, home, kind: kind as LinkKind, from: ends[0], to: ends[1] }];
}

/** The link that says the same already, however its ends are spelt. `home`: as in `readEnd`. */
export function findLink(doc: Y.Doc, wanted: LinkFields, home: string): string | null {
  const keysOf = ({ kind, from, to }: Link) => [kind, endKey(from), endKey(to)].join('\n');
  const sought = readLink('', wanted, home).map(keysOf)[0];
  return readLinks(doc, home).find((link) => keysOf(link) === sought)?.id ?? null;
}

/** Links by each of their ends; a link that several documents tell is one. */
export function byEnd(links: Iterable<Link>): ReadonlyMap<string, readonly Link[]> {
  const found = new Map<string, Link[]>();
  const seen = new Set<string>();
  for (const link of links) {
    if (seen.has(link.id)) continue;
    seen.add(link.id);
    for (const key of new Set([endKey(link.from), endKey(link.to)])) {
      const there = found.get(key);
      if (there) there.push(link);
      else found.set(key, [link]);
    }
  }
  return found;
}

/** The end at the other side of a link. */
export function otherEnd(link: Link, key: string): End {
  return endKey(link.from) === key ? link.to : link.from;
}

/** Everything that hangs together with an end, whichever way the links point; itself first. */
export function traceFrom(start: End, links: ReadonlyMap<string, readonly Link[]>): End[] {
  const reached = new Map([[endKey(start), start]]);
  for (const [key] of reached) {
    for (const link of links.get(key) ?? []) {
      const next = otherEnd(link, key);
      const name = endKey(next);
      if (!reached.has(name)) reached.set(name, next);
    }
  }
  return [...reached.values()];
}

/** What a link from one item to another is called: From → To of one row, a change that came about. */
export function likelyKind(from: End, to: End, zoneOf: (end: End) => string | null): LinkKind {
  const [a, b] = [zoneOf(from), zoneOf(to)];
  const sameRow = from.board === to.board && a?.split('/')[0] === b?.split('/')[0];
  return sameRow && a?.endsWith('/from') && b?.endsWith('/to') ? 'became' : 'relates';
}
