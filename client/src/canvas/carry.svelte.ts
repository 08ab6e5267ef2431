/** What is in this person's hand on one canvas: notes, or a whole theme; and where it would drop. */
import type { NoteItem, ThemeItem } from '../replica/board.svelte';
import type { Move } from '../document/edits';
import { zoneAt } from '../layout/board';
import type { Box, Point } from '../layout/layout';
import { may, mayArrange, mayTry, mayTryArranging } from '../session/may-change';
import { announce } from '../browser/announce.svelte';
import { t } from '../i18n/i18n';
import { levelWith, type Guide } from './guides';
import type { Scene } from './scene.svelte';

/** Others see the drop by the committed place; the drag is shown a moment longer, or notes would jump back. */
const AFTERGLOW_MS = 300;
/** Only well within a note does a drop mean the note, and not a place beside it; board units. */
const AIM_INSET = 22;
/** So near to the line of a neighbour, what is carried steps onto it; CSS pixels. */
const LEVEL_PX = 6;

/** What one hand holds above one canvas, from picking up to putting down. */
export class Carry {
  /** Keys do it, and not the pointer. */
  moving = $state(false);
  /** Lines on which it stands level with what is around it. */
  guides = $state.raw<readonly Guide[]>([]);
  readonly #scene: Scene;
  #items: readonly NoteItem[] = [];
  #theme: ThemeItem | null = null;
  #aim: NoteItem | ThemeItem | null = null;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  get active(): boolean {
    return this.#items.length > 0;
  }

  /** The theme in hand, null when it is notes. */
  get theme(): ThemeItem | null {
    return this.#theme;
  }

  /** Those of them that one may move; says so where there is none. */
  pickUp(wanted: readonly string[]): void {
    const { session } = this.#scene;
    const { state } = session;
    const movable = wanted.filter((id) => may(session, 'move', [id]));
    const ids = movable.length > 0 || !mayTry(session, 'move', wanted) ? movable : wanted;
    this.#take(ids.map((id) => state.item(id)).filter((item) => item !== null));
  }

  pickUpTheme(id: string): void {
    const theme = this.#scene.session.state.theme(id);
    if (!theme || !mayTryArranging(this.#scene.session, theme.theme.zone)) return;
    this.#theme = theme;
    theme.inHand = true;
    this.#take(theme.items);
  }

  #take(items: readonly NoteItem[]): void {
    this.#items = items;
    for (const item of items) item.inHand = true;
    this.#shift({ x: 0, y: 0 });
  }

  /** `dx`, `dy`: how far from where it stood, board units. */
  carryTo(dx: number, dy: number): void {
    this.#shift({ x: dx, y: dy });
    const ids = this.#theme ? [this.#theme.id] : this.#items.map(({ id }) => id);
    this.#scene.session.presence.drag({ ids, dx: Math.round(dx), dy: Math.round(dy) });
  }

  /** The same by a pointer that is at `point`: aims there, or else steps onto a line that is near. */
  carryBy(dx: number, dy: number, point: Point, free: boolean): void {
    this.aim(point, true);
    this.#shift({ x: dx, y: dy });
    const level = free || this.#aim ? null : this.#level();
    this.guides = level?.guides ?? [];
    this.carryTo(dx + (level?.dx ?? 0), dy + (level?.dy ?? 0));
  }

  #level() {
    const scene = this.#scene;
    const box = this.#theme
      ? scene.boxOf(this.#theme)
      : scene.around(this.#items.map(({ id }) => id));
    const zone = box && scene.zoneUnder(middle(box));
    if (!box || !zone) return null;
    const loose = zone.items.filter(({ note }) => note.theme === null);
    const standing = [...loose, ...zone.themes].filter(({ inHand }) => !inHand);
    const around = standing.flatMap((item) => scene.boxOf(item) ?? []);
    return levelWith(box, around, LEVEL_PX / scene.camera.zoom);
  }

  /** Aim at what is under a point; `notes`: also at a note, to make a theme of both. */
  aim(point: Point, notes: boolean): void {
    const makes = notes && mayArrange(this.#scene.session);
    const next = this.#theme
      ? null
      : (this.#themeAt(point) ?? (makes ? this.#noteAt(point) : null));
    if (next === this.#aim) return;
    if (this.#aim) this.#aim.aimedAt = false;
    // Within their own theme notes just go back to where they were.
    if (next) next.aimedAt = this.#items.some(({ note }) => note.theme !== next.id);
    this.#aim = next;
  }

  /** Put everything down where it is: one transaction. */
  putDown(): void {
    const { presence } = this.#scene.session;
    if (this.#theme) this.#dropTheme(this.#theme);
    else if (this.#aim) this.#dropOnto(this.#aim);
    else this.#drop();
    this.#letGo();
    setTimeout(() => {
      if (!this.active) presence.drag(null);
    }, AFTERGLOW_MS);
  }

  /** Put everything back. */
  restore(): void {
    this.#letGo();
    this.#scene.session.presence.drag(null);
  }

  /** The middle of what is in hand, as far as it follows `id`; board units. */
  middleOf(id: string): Point | null {
    const item = this.#items.find((each) => each.id === id);
    const box = item && this.#scene.boxOf(item);
    return box ? middle(box) : null;
  }

  /** The zone in which it would be dropped, by the first in hand; null outside of all. */
  over(): string | null {
    const first = this.#theme ?? this.#items[0];
    const box = first ? this.#scene.boxOf(first) : null;
    return first ? (this.#moveOf(first.id, box)?.zone ?? null) : null;
  }

  #drop(): void {
    const moves = this.#items.map((item) => this.#moveOf(item.id, this.#scene.boxOf(item)));
    const leaving = this.#items.filter(({ note }) => note.theme !== null).length;
    this.#scene.session.workspace.drop(moves.filter((move) => move !== null));
    if (leaving > 0) announce(t('theme.taken-out', { n: leaving }));
  }

  #dropTheme(theme: ThemeItem): void {
    const { theming, state } = this.#scene.session;
    const box = this.#scene.boxOf(theme);
    const move = this.#moveOf(theme.id, box && { ...box, height: theme.place.head });
    const zone = move && state.zone(move.zone);
    if (!move || !zone) return;
    theming.drop(move);
    theming.tellMoved(theme.id, zone);
  }

  #dropOnto(aim: NoteItem | ThemeItem): void {
    const { theming } = this.#scene.session;
    const ids = this.#items.map(({ id }) => id);
    if ('theme' in aim) return theming.put(ids, aim.id);
    const made = theming.make(ids, '', aim.id);
    if (made !== null) theming.rename(made);
  }

  #themeAt(point: Point): ThemeItem | null {
    const { state } = this.#scene.session;
    const found = [...state.themes.values()].find((theme) =>
      holds(this.#scene.boxOf(theme), point),
    );
    return found ?? null;
  }

  #noteAt(point: Point): NoteItem | null {
    for (const item of this.#scene.zoneUnder(point)?.items ?? []) {
      if (item.inHand || item.note.theme !== null) continue;
      if (holds(this.#scene.boxOf(item), point, AIM_INSET)) return item;
    }
    return null;
  }

  #shift(offset: Point): void {
    if (this.#theme) this.#theme.offset = offset;
    for (const item of this.#items) item.offset = offset;
  }

  #letGo(): void {
    for (const item of [...this.#items, ...(this.#theme ? [this.#theme] : [])]) {
      item.inHand = false;
      item.offset = null;
    }
    if (this.#aim) this.#aim.aimedAt = false;
    this.#aim = null;
    this.guides = [];
    this.#theme = null;
    this.#items = [];
    this.moving = false;
  }

  #moveOf(id: string, box: Box | null): Move | null {
    const { board } = this.#scene;
    const zone = box && zoneAt(board, middle(box));
    const target = zone === null ? undefined : board.zones.get(zone);
    if (!box || zone === null || !target) return null;
    // Over the zone's right edge too: the layout brings it in, and several of them side by side.
    return { id, zone, x: box.x - target.x, y: box.y - target.fieldY };
  }
}

function middle(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function holds(box: Box | null, { x, y }: Point, inset = 0): boolean {
  if (!box) return false;
  const within = (at: number, start: number, length: number) =>
    at >= start + inset && at <= start + length - inset;
  return within(x, box.x, box.width) && within(y, box.y, box.height);
}
