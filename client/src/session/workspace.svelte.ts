/**
 * What this person is doing on the board: chosen notes, the one being written, messages. The verbs
 * here are those of canvas, list, keys and menus alike: every way of working has the same effect.
 */
import { LIMITS } from '../text/limits';
import { tick } from 'svelte';
import { announce } from '../browser/announce.svelte';
import { inMyLanguage, t } from '../i18n/i18n';
import { isVisible } from '../text/plain';
import { toasts } from '../browser/toasts.svelte';
import { type NoteItem, type ZoneState } from '../replica/board.svelte';
import { isLocked, may, mayArrange, mayChange, mayTry, mayTryAdding, pinsIn } from './may-change';
import { freePlaces, type Box, type Point } from '../layout/layout';
import type { Move } from '../document/edits';
import type { FocusRequest } from '../document/links';
import { noteHeight } from '../layout/measure';
import { textOf, type NoteColor } from '../document/schema';
import type { Worked } from './worked';
import { othersAmong, UNASKED } from '../workshop/removing';
import { Offers } from './offers';
import { cutNotice, deletedNotice, writtenTogether } from './rescue';

interface Editing {
  readonly id: string;
  /** Made for this edit: left empty, it is as if it had never been. */
  readonly fresh: boolean;
  /** Steps of undo when the edit began. */
  readonly depth: number;
  /** The note in focus before. */
  readonly from: string | null;
}

/** What of a board is in sight. */
export interface Sight {
  /** Of a zone's field, from its corner, board units. */
  seenOf(zone: string): Box | null;
  /** The first of some zones that is in sight, or else the one of which most is. */
  zoneInSight(wanted: readonly (string | null | undefined)[]): ZoneState | null;
}

interface Removal {
  readonly ids: readonly string[];
  /** How many of them others wrote. */
  readonly others: number;
}

/** Those who begin a note at the same moment should rarely get the same free place. */
const MOST_CHOICES = 8;
const DUPLICATE_SHIFT = 28;

/** One person's work with the notes of one board. */
export class Workspace {
  selection = $state.raw<ReadonlySet<string>>(new Set());
  /** Each tap chooses one more note: the way to choose several without a keyboard. */
  choosing = $state(false);
  editing = $state.raw<Editing | null>(null);
  /** The note that has, or had last, the keyboard's focus. */
  focus = $state<string | null>(null);
  /** The empty zone that has the focus instead: there the first note is written. */
  cell = $state<string | null>(null);
  /** What asks for the keyboard's focus, which the view then gives it. */
  focusRequest = $state.raw<FocusRequest | null>(null);
  /** The note of a grid for which it is being asked what it became. */
  becoming = $state<string | null>(null);
  /** Notes that are deleted if the person says yes: many of them are others'. */
  removing = $state.raw<Removal | null>(null);
  /** The note that an open dialog is about. */
  about: string | null = null;
  /** Colour of the next note. */
  color = $state<NoteColor>('yellow');
  /** What one looks at; null where the view has no places. */
  sight: Sight | null = null;

  readonly #session: Worked;
  #tabStop: NoteItem | null = null;
  readonly #offers = new Offers((ids) => this.bringBack(ids));
  #own = false;

  constructor(session: Worked) {
    this.#session = session;
  }

  // -- choosing ------------------------------------------------------------------------------

  select(ids: Iterable<string>): void {
    const { state } = this.#session;
    const next = new Set([...ids].filter((id) => state.item(id)));
    for (const id of this.selection) if (!next.has(id)) setSelected(state.item(id), false);
    for (const id of next) setSelected(state.item(id), true);
    this.selection = next;
    if (next.size === 0) this.choosing = false;
  }

  toggle(id: string): void {
    const next = new Set(this.selection);
    if (!next.delete(id)) next.add(id);
    this.select(next);
  }

  /** Make `id` the note that Tab comes back to; null gives that to the board's first note. */
  focusOn(id: string | null): void {
    const { state } = this.#session;
    this.focus = id;
    this.cell = null;
    const next = state.item(id ?? '') ?? this.#firstItem();
    if (this.#tabStop === next) return;
    if (this.#tabStop) this.#tabStop.tabStop = false;
    this.#tabStop = next;
    if (next) next.tabStop = true;
  }

  /** Make an empty zone what Tab comes back to. */
  focusOnCell(zone: string): void {
    this.focus = null;
    this.cell = zone;
    if (this.#tabStop) this.#tabStop.tabStop = false;
    this.#tabStop = null;
  }

  /** What a command applies to: the chosen notes, or the one in focus. */
  get chosen(): string[] {
    if (this.selection.size > 0) return [...this.selection];
    return this.focus !== null && this.#session.state.item(this.focus) ? [this.focus] : [];
  }

  // -- writing -------------------------------------------------------------------------------

  /**
   * Make a note and start writing it; gives its id. `at`: board units from the zone's field;
   * 'free' finds a place; null leaves it to flow. `theme`: the one that the note is written under.
   */
  addNote(zone: ZoneState, at: Point | 'free' | null, theme?: string): string | null {
    this.endEdit();
    if (!this.hasRoom(1, zone.spec.id)) return null;
    const { undo, edits, store } = this.#session;
    const { depth } = undo;
    const position = at === 'free' ? this.#freePlace(zone) : at;
    const placed = position && mayArrange(this.#session);
    const where = theme === undefined ? placed && { position } : { theme };
    const note = { zone: zone.spec.id, color: this.color, ...where };
    const [id] = edits.addNotes([note], placed ? pinsIn(this.#session, [zone]) : []);
    store.flush();
    if (id === undefined) return null;
    this.#session.blanks.begin(id);
    this.#begin({ id, fresh: true, depth, from: this.focus });
    return id;
  }

  /** Whether so many more may be made, and fit; says so before anything is written. */
  hasRoom(count: number, zone?: string): boolean {
    if (!mayTryAdding(this.#session, count, zone)) return false;
    const fits = this.#session.edits.hasRoom(count);
    if (!fits) toasts.problem(t('note.no-room', { most: LIMITS.notes }));
    return fits;
  }

  edit(id: string): void {
    if (!this.#session.state.item(id) || this.editing?.id === id) return;
    if (!mayTry(this.#session, 'edit', [id])) return;
    this.endEdit();
    this.#session.undo.boundary();
    this.#begin({ id, fresh: false, depth: this.#session.undo.depth, from: this.focus });
  }

  /** Stop writing; gives the id of the note, or null when nothing is left of it. */
  endEdit(): string | null {
    const { editing } = this;
    if (!editing) return null;
    const { undo, presence, state, store, blanks } = this.#session;
    this.editing = null;
    blanks.end(editing.id);
    presence.edit(null);
    undo.join(editing.depth);
    const item = state.item(editing.id);
    if (item) item.editing = false;
    // Gone already, by our own undo or by somebody else: nothing to tidy up.
    if (!store.notes.has(editing.id)) return null;
    if (!editing.fresh || isVisible(this.#textOf(editing.id))) return editing.id;
    this.#ours(() => undo.rewind(editing.depth));
    if (editing.from !== null) this.focusOn(editing.from);
    return null;
  }

  /** The page goes, perhaps for good: an empty note goes with it, or when this browser comes back. */
  hide(): void {
    const { editing } = this;
    if (!editing?.fresh || isVisible(this.#textOf(editing.id))) return;
    this.endEdit();
    this.#session.blanks.begin(editing.id);
  }

  /** Others have ended it, and not the person: what stood there can be copied. */
  interrupt(): void {
    const { editing } = this;
    const text = editing ? this.#textOf(editing.id) : writtenTogether();
    this.endEdit();
    this.keepCut(text);
  }

  /** Words that have lost the place where they were being written. */
  keepCut(text: string): void {
    if (isVisible(text)) this.#session.tell(cutNotice(text));
  }

  #textOf(id: string): string {
    return textOf(this.#session.doc, id)?.toString() ?? '';
  }

  #begin(editing: Editing): void {
    this.editing = editing;
    this.focusOn(editing.id);
    this.select([editing.id]);
    const item = this.#session.state.item(editing.id);
    if (item) item.editing = true;
    this.#session.presence.edit(editing.id);
  }

  // -- changing ------------------------------------------------------------------------------

  recolour(ids: readonly string[], color: NoteColor): void {
    if (!mayTry(this.#session, 'edit', ids)) return;
    this.color = color;
    if (ids.length === 0) return;
    this.#session.edits.recolour(ids, color);
    announce(t('note.recoloured', { color: t(`note.color.${color}`) }));
  }

  /** Delete notes; where many are others', ask first. */
  remove(ids: readonly string[]): void {
    if (!this.#session.mayWrite) return;
    this.endEdit();
    const { store, me } = this.#session;
    const alive = ids.filter((id) => store.notes.has(id));
    if (!mayTry(this.#session, 'delete', alive)) return;
    const authors = alive.map((id) => store.notes.get(id)?.author ?? null);
    const others = othersAmong(authors, me.id);
    if (others > UNASKED) this.removing = { ids: alive, others };
    else this.removeNow(ids);
  }

  removeNow(ids: readonly string[]): void {
    const { edits, store } = this.#session;
    const alive = ids.filter((id) => store.notes.has(id));
    if (!may(this.#session, 'delete', alive) || alive.length === 0) return;
    this.#ours(() => edits.deleteNotes(alive));
    this.#offers.show(t('note.deleted', { n: alive.length }), alive);
  }

  duplicate(ids: readonly string[]): void {
    const { state, edits, store } = this.#session;
    const items = ids.map((id) => state.item(id)).filter((item) => item !== null);
    const closed = items.find(({ note }) => isLocked(this.#session, note.zone));
    if (items.length === 0 || !this.hasRoom(items.length, closed?.note.zone)) return;
    const placed = mayArrange(this.#session);
    const zones = new Set(items.flatMap((item) => state.zoneOf(item.id) ?? []));
    const made = edits.addNotes(
      items.map(({ note, place }) => ({
        zone: note.zone,
        color: note.color,
        text: note.text,
        ...(note.theme !== null
          ? { theme: note.theme }
          : placed && { position: { x: place.x + DUPLICATE_SHIFT, y: place.y + DUPLICATE_SHIFT } }),
      })),
      pinsIn(this.#session, zones),
    );
    store.flush();
    this.select(made);
    this.focusOn(made[0] ?? null);
    announce(t('note.duplicated', { n: made.length }));
  }

  /** Put notes where they were dropped: the places of unplaced ones around them are kept. */
  drop(moves: readonly Move[]): void {
    const { state, edits, store } = this.#session;
    const ids = moves.map(({ id }) => id);
    const closed = moves.find(({ zone }) => isLocked(this.#session, zone))?.zone;
    if (moves.length === 0 || !mayTry(this.#session, 'move', ids, closed)) return;
    const zones = moves.flatMap(({ id, zone }) => [state.zoneOf(id), state.zone(zone)]);
    const moved = new Set(ids);
    const pins = pinsIn(this.#session, zones);
    edits.moveNotes(
      moves,
      pins.filter(({ id }) => !moved.has(id)),
    );
    store.flush();
  }

  moveToZone(ids: readonly string[], zone: ZoneState): void {
    if (!mayTry(this.#session, 'move', ids, zone.spec.id)) return;
    this.#session.edits.moveToZone(ids, zone.spec.id);
    this.#session.store.flush();
    announce(t('note.moved', { n: ids.length, zone: inMyLanguage(zone.spec.title) }));
  }

  undo(): void {
    if (!this.#session.undo.canUndo || !mayChange(this.#session)) return;
    this.#ours(() => this.#session.undo.undo());
    announce(t('board.undone'));
  }

  redo(): void {
    if (!this.#session.undo.canRedo || !mayChange(this.#session)) return;
    this.#ours(() => this.#session.undo.redo());
    announce(t('board.redone'));
  }

  // -- what others do ------------------------------------------------------------------------

  /** These notes have left the board; called before they leave the screen. */
  forget(gone: readonly string[]): void {
    const { editing, focus } = this;
    const wasWriting = editing !== null && gone.includes(editing.id);
    if (wasWriting) this.endEdit();
    if (gone.some((id) => this.selection.has(id))) {
      this.select([...this.selection].filter((id) => !gone.includes(id)));
    }
    const asked = [this.about, this.becoming].filter((id) => id !== null && gone.includes(id));
    const lost = focus !== null && gone.includes(focus) ? focus : (asked[0] ?? null);
    if (lost !== null) this.#focusBeside(lost, gone);
    if (this.#tabStop && gone.includes(this.#tabStop.id)) this.#tabStop = null;
    if (this.#own) return;
    if (asked.length > 0) this.tellGone([...new Set(asked)] as string[]);
    if (wasWriting) void tick().then(() => this.#tellTaken(editing.id));
  }

  /** Somebody else deleted the note being written: its text is kept. Its field is gone, with what was composed. */
  #tellTaken(id: string): void {
    if (this.#session.store.notes.has(id)) return;
    const text = this.#textOf(id);
    if (isVisible(text)) this.#session.tell(deletedNotice('note', id, [text]));
    else this.#offers.show(t('note.gone', { n: 1 }), [id]);
  }

  /** Somebody else deleted what a dialog was about: told, and the keyboard goes to what is next. */
  tellGone(ids: readonly string[]): void {
    this.becoming = null;
    this.#offers.show(t('note.gone', { n: ids.length }), ids);
    if (this.focus !== null) this.focusRequest = { kind: 'note', id: this.focus };
  }

  /** Do it, and see at once what it changed: what leaves the board meanwhile left by our own hand. */
  #ours(act: () => void): void {
    this.#own = true;
    act();
    this.#session.store.flush();
    this.#own = false;
  }

  /** When `id` is gone: to the next note in its zone, the one before, or the zone, empty now. */
  #focusBeside(id: string, gone: readonly string[]): void {
    const zone = this.#session.state.zoneOf(id);
    const items = zone?.items ?? [];
    const at = items.findIndex((item) => item.id === id);
    const around = [...items.slice(at + 1), ...items.slice(0, at).reverse()];
    const next = around.find((item) => !gone.includes(item.id))?.id ?? null;
    if (next === null && zone) this.focusOnCell(zone.spec.id);
    else this.focusOn(next);
  }

  /** Deleted notes, by whomever, stand on the board again; the first of them gets the focus. */
  bringBack(ids: readonly string[]): void {
    this.#session.edits.restoreNotes(ids);
    this.#session.store.flush();
    const [id] = ids;
    this.focusRequest = id === undefined ? null : { kind: 'note', id };
    announce(t('note.restored', { n: ids.length }));
  }

  /** Some notes changed: an offer to bring back what is back has served. */
  settle(): void {
    const { notes } = this.#session.store;
    this.#offers.settle((id) => notes.has(id));
  }

  /** The board is left: nothing of it can be brought back from elsewhere. */
  leave(): void {
    this.interrupt();
    this.#offers.clear();
  }

  /** None before the board has arrived: the note flows to where there is room. */
  #freePlace(zone: ZoneState): Point | null {
    if (!this.#session.loaded) return null;
    const writing = this.#session.others.filter(({ edit }) => edit !== undefined).length;
    const choices = Math.min(MOST_CHOICES, 1 + writing);
    const seen = this.sight?.seenOf(zone.spec.id) ?? null;
    const free = freePlaces(zone.layout, noteHeight(''), choices, seen);
    return free[Math.floor(Math.random() * free.length)] ?? null;
  }

  #firstItem(): NoteItem | null {
    const { state, grid } = this.#session;
    return state.zones.find((zone) => zone.items[0] && grid.shows(zone.spec.id))?.items[0] ?? null;
  }
}

function setSelected(item: NoteItem | null, selected: boolean): void {
  if (item) item.selected = selected;
}
