/** The board as views draw it: fine-grained, so that a change to one note draws one note. */
import { layoutZone, type Frame, type Place, type Point, type ZoneLayout } from '../layout/layout';
import type { Note, Theme } from '../document/schema';
import type { BoardStore } from '../document/store';
import { zonesOf, type ZoneSpec } from '../layout/zones';
import type { BoardDefinition } from '../workshop/workshop';
import type { Placement } from '../document/writer';

/** Somebody else who has a note in hand. */
export interface Holder {
  readonly name: string;
  readonly color: number;
  readonly doing: 'edit' | 'drag';
}

/** One note with everything that changes how it is drawn. */
export class NoteItem {
  readonly id: string;
  note: Note = $state.raw() as Note;
  place: Place = $state.raw() as Place;
  selected = $state(false);
  /** The one note that Tab stops at. */
  tabStop = $state(false);
  editing = $state(false);
  holder = $state.raw<Holder | null>(null);
  /** How far it is dragged from its place right now, by us or by somebody else. */
  offset = $state.raw<Point | null>(null);
  /** It is in our own hand: follows the pointer without easing. */
  inHand = $state(false);
  /** Dropping what is in our hand would make a theme of both. */
  aimedAt = $state(false);
  /** Read whole, where it is longer than a note shows. */
  whole = $state(false);
  /** It came with many others, and stands out for a moment. */
  fresh = $state(false);
  /** It has just been written here, and flashes. */
  written = $state(false);

  constructor(note: Note, place: Place) {
    this.id = note.id;
    this.note = note;
    this.place = place;
  }
}

/** A theme with everything that changes how it is drawn. */
export class ThemeItem {
  readonly id: string;
  theme: Theme = $state.raw() as Theme;
  place: Frame = $state.raw() as Frame;
  /** Its notes, in reading order. */
  items = $state.raw<readonly NoteItem[]>([]);
  holder = $state.raw<Holder | null>(null);
  offset = $state.raw<Point | null>(null);
  inHand = $state(false);
  /** Dropping what is in our hand would add to it. */
  aimedAt = $state(false);

  constructor(theme: Theme, place: Frame) {
    this.id = theme.id;
    this.theme = theme;
    this.place = place;
  }

  /** Carry it, and its notes with it. */
  shift(offset: Point | null): void {
    this.offset = offset;
    for (const item of this.items) if (!item.inHand) item.offset = offset;
  }
}

/** A zone with its notes and themes, in the order and places in which they are drawn. */
export class ZoneState {
  readonly spec: ZoneSpec;
  layout: ZoneLayout = $state.raw() as ZoneLayout;
  /** In reading order, those under a theme too. */
  items = $state.raw<readonly NoteItem[]>([]);
  /** In reading order. */
  themes = $state.raw<readonly ThemeItem[]>([]);

  constructor(spec: ZoneSpec) {
    this.spec = spec;
    this.layout = layoutZone([], new Map(), spec.columns);
  }
}

/** All zones of one board as views draw them. */
export class BoardState {
  readonly zones: readonly ZoneState[];
  /** Milliseconds since 1970 of the last change seen, 0 before the first. */
  lastChange = $state(0);
  count = $state(0);

  readonly #store: BoardStore;
  readonly #items = new Map<string, NoteItem>();
  readonly #themes = new Map<string, ThemeItem>();
  readonly #byZone: ReadonlyMap<string, Entry>;
  /** Where a note or theme is filed. */
  readonly #zoneOf = new Map<string, string>();
  readonly #onGone: (ids: readonly string[]) => void;

  /** `onGone` hears which notes have left the board, before they leave the screen. */
  constructor(
    store: BoardStore,
    definition: BoardDefinition,
    onGone: (ids: readonly string[]) => void,
  ) {
    this.#store = store;
    this.#onGone = onGone;
    this.zones = zonesOf(definition).map((spec) => new ZoneState(spec));
    this.#byZone = new Map(
      this.zones.map((state) => [state.spec.id, { state, notes: new Map(), themes: new Map() }]),
    );
    store.subscribe((changed) => {
      this.#absorb(changed);
      this.lastChange = Date.now();
    });
    this.#absorb(new Set([...store.notes.keys(), ...store.themes.keys()]));
  }

  item(id: string): NoteItem | null {
    return this.#items.get(id) ?? null;
  }

  get items(): ReadonlyMap<string, NoteItem> {
    return this.#items;
  }

  theme(id: string): ThemeItem | null {
    return this.#themes.get(id) ?? null;
  }

  get themes(): ReadonlyMap<string, ThemeItem> {
    return this.#themes;
  }

  zone(id: string): ZoneState | null {
    return this.#byZone.get(id)?.state ?? null;
  }

  /** The zone that shows a note or theme: its own, or the first one if this board has no such zone. */
  zoneOf(id: string): ZoneState | null {
    const zone = this.#zoneOf.get(id);
    return zone === undefined ? null : this.zone(zone);
  }

  /** All zones anew: texts have become taller or lower. */
  layOut(): void {
    for (const zone of this.#byZone.keys()) this.#layOut(zone);
  }

  #absorb(changed: ReadonlySet<string>): void {
    const gone = [...changed].filter((id) => !this.#store.notes.has(id) && this.#items.has(id));
    if (gone.length > 0) this.#onGone(gone);
    const touched = new Set<string>();
    for (const id of changed) {
      for (const zone of this.#sort(id)) touched.add(zone);
    }
    for (const zone of touched) this.#layOut(zone);
    this.count = this.#store.notes.size;
  }

  /** File the note or theme under its zone; gives the zones that this changed. */
  #sort(id: string): string[] {
    const before = this.#zoneOf.get(id);
    const [note, theme] = [this.#store.notes.get(id), this.#store.themes.get(id)];
    const now = this.#shownIn(note?.zone ?? theme?.zone);
    const [left, entered] = [this.#byZone.get(before ?? ''), this.#byZone.get(now ?? '')];
    left?.notes.delete(id);
    left?.themes.delete(id);
    if (note) entered?.notes.set(id, note);
    if (theme) entered?.themes.set(id, theme);
    if (now !== undefined) this.#zoneOf.set(id, now);
    else this.#zoneOf.delete(id);
    if (!note) this.#items.delete(id);
    if (!theme) this.#themes.delete(id);
    return [before, now].filter((zone) => zone !== undefined);
  }

  #shownIn(zone: string | undefined): string | undefined {
    return zone === undefined || this.#byZone.has(zone) ? zone : this.zones[0]?.spec.id;
  }

  #layOut(zone: string): void {
    const entry = this.#byZone.get(zone);
    if (!entry) return;
    const { state, notes, themes } = entry;
    const layout = layoutZone(notes.values(), themes, state.spec.columns);
    const items = layout.order.flatMap((id) => this.#placed(id, notes, layout));
    const framed = [...layout.frames].flatMap(([id, frame]) => this.#framed(id, frame, items));
    if (!sameItems(items, state.items)) state.items = items;
    if (!sameItems(framed, state.themes)) state.themes = framed;
    state.layout = layout;
  }

  #placed(id: string, notes: ReadonlyMap<string, Note>, layout: ZoneLayout): NoteItem[] {
    const [note, place] = [notes.get(id), layout.places.get(id)];
    if (!note || !place) return [];
    const item = this.#items.get(id);
    if (!item) {
      const made = new NoteItem(note, place);
      this.#items.set(id, made);
      return [made];
    }
    if (item.note !== note) item.note = note;
    stand(item, place);
    return [item];
  }

  #framed(id: string, frame: Frame, items: readonly NoteItem[]): ThemeItem[] {
    const theme = this.#store.themes.get(id);
    if (!theme) return [];
    const item = this.#themes.get(id) ?? new ThemeItem(theme, frame);
    this.#themes.set(id, item);
    const own = items.filter(({ note }) => note.theme === id);
    if (!sameItems(own, item.items)) item.items = own;
    if (item.theme !== theme) item.theme = theme;
    stand(item, frame);
    return [item];
  }
}

/** What of a zone is unplaced, at the places where it is seen. */
export function pinsOf(zone: ZoneState): Placement[] {
  const loose = zone.items.filter(({ note }) => note.theme === null);
  return [...loose, ...zone.themes]
    .filter(({ place }) => !place.placed)
    .map(({ id, place }) => ({ id, x: place.x, y: place.y }));
}

interface Entry {
  readonly state: ZoneState;
  readonly notes: Map<string, Note>;
  readonly themes: Map<string, Theme>;
}

function stand<P extends Place>(item: Standing<P>, place: P): void {
  if (samePlace(item.place, place)) return;
  item.place = place;
  // Whoever dragged it has put it down: what they show of the drag is over.
  if (!item.inHand) item.offset = null;
}

interface Standing<P extends Place> {
  place: P;
  offset: Point | null;
  readonly inHand: boolean;
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function samePlace<P extends Place>(a: P, b: P): boolean {
  return (Object.keys(a) as (keyof P)[]).every((key) => a[key] === b[key]);
}
