/** Who else has which note or theme in hand, shown on the board itself. */
import type { Point } from '../layout/layout';
import type { Other } from '../net/presence';
import { ThemeItem, type BoardState, type Holder, type NoteItem } from './board.svelte';

interface Held {
  readonly holder: Holder;
  /** How far it is carried from its place, board units; null when it is written. */
  readonly offset: Point | null;
}

/** The marks, on one board, of who holds which note or theme. */
export class Holding {
  readonly #state: BoardState;
  readonly #held = new Set<string>();
  /** Notes and themes that somebody writes or carries, and that are not on the screen yet. */
  readonly #expected = new Set<string>();

  constructor(state: BoardState) {
    this.#state = state;
  }

  /** Some notes changed: whether one of them is in somebody's hand already. */
  expects(changed: ReadonlySet<string>): boolean {
    return [...this.#expected].some((id) => changed.has(id));
  }

  show(others: readonly Other[]): void {
    const holders = new Map(others.flatMap(heldBy));
    for (const id of [...this.#held]) if (!holders.has(id)) this.#release(id);
    this.#expected.clear();
    for (const [id, held] of holders) {
      const item = this.#find(id);
      if (item) this.#hold(item, held);
      else this.#expected.add(id);
    }
  }

  #hold(item: NoteItem | ThemeItem, { holder, offset }: Held): void {
    this.#held.add(item.id);
    if (item.holder?.name !== holder.name || item.holder.doing !== holder.doing) {
      item.holder = holder;
    }
    if (!item.inHand) shift(item, offset);
  }

  #release(id: string): void {
    this.#held.delete(id);
    const item = this.#find(id);
    if (!item) return;
    item.holder = null;
    if (!item.inHand) shift(item, null);
  }

  #find(id: string): NoteItem | ThemeItem | null {
    return this.#state.item(id) ?? this.#state.theme(id);
  }
}

function shift(item: NoteItem | ThemeItem, offset: Point | null): void {
  if (item instanceof ThemeItem) item.shift(offset);
  else item.offset = offset;
}

function heldBy({ name, color, edit, drag }: Other): [string, Held][] {
  const held: [string, Held][] = [];
  if (drag) {
    const offset = { x: drag.dx, y: drag.dy };
    for (const id of drag.ids) held.push([id, { holder: { name, color, doing: 'drag' }, offset }]);
  }
  if (edit) held.push([edit, { holder: { name, color, doing: 'edit' }, offset: null }]);
  return held;
}
