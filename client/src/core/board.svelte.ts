/** The board as views draw it: fine-grained, so that a change to one note draws one note. */
import { layoutZone, type Place, type Point, type ZoneLayout } from './layout';
import type { NoteVM } from './schema';
import type { BoardStore } from './store';
import { zonesOf, type ZoneSpec } from './zones';
import type { BoardDefinition } from './workshop';

/** Somebody else who has a note in hand. */
export interface Holder {
  readonly name: string;
  readonly color: number;
  readonly doing: 'edit' | 'drag';
}

/** One note with everything that changes how it is drawn. */
export class NoteItem {
  readonly id: string;
  note: NoteVM = $state.raw() as NoteVM;
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

  constructor(note: NoteVM, place: Place) {
    this.id = note.id;
    this.note = note;
    this.place = place;
  }
}

export class ZoneState {
  readonly spec: ZoneSpec;
  layout = $state.raw<ZoneLayout>(layoutZone([]));
  /** In reading order. */
  items = $state.raw<readonly NoteItem[]>([]);

  constructor(spec: ZoneSpec) {
    this.spec = spec;
  }
}

export class BoardState {
  readonly zones: readonly ZoneState[];
  /** Milliseconds since 1970 of the last change seen, 0 before the first. */
  lastChange = $state(0);
  count = $state(0);

  readonly #store: BoardStore;
  readonly #items = new Map<string, NoteItem>();
  readonly #byZone: ReadonlyMap<string, { state: ZoneState; notes: Map<string, NoteVM> }>;
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
      this.zones.map((state) => [state.spec.id, { state, notes: new Map<string, NoteVM>() }]),
    );
    store.subscribe((changed) => {
      this.#absorb(changed);
      this.lastChange = Date.now();
    });
    this.#absorb(new Set(store.notes.keys()));
  }

  item(id: string): NoteItem | null {
    return this.#items.get(id) ?? null;
  }

  get items(): ReadonlyMap<string, NoteItem> {
    return this.#items;
  }

  zone(id: string): ZoneState | null {
    return this.#byZone.get(id)?.state ?? null;
  }

  /** The zone that shows a note: its own, or the first one for a zone this board does not have. */
  zoneOf(id: string): ZoneState | null {
    const zone = this.#zoneOf.get(id);
    return zone === undefined ? null : this.zone(zone);
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

  /** File the note under its zone; gives the zones that this changed. */
  #sort(id: string): string[] {
    const before = this.#zoneOf.get(id);
    const note = this.#store.notes.get(id);
    const now = note && this.#shownIn(note.zone);
    if (before !== undefined) this.#byZone.get(before)?.notes.delete(id);
    if (note && now !== undefined) {
      this.#byZone.get(now)?.notes.set(id, note);
      this.#zoneOf.set(id, now);
    } else {
      this.#zoneOf.delete(id);
      this.#items.delete(id);
    }
    return [before, now].filter((zone) => zone !== undefined);
  }

  #shownIn(zone: string): string | undefined {
    return this.#byZone.has(zone) ? zone : this.zones[0]?.spec.id;
  }

  #layOut(zone: string): void {
    const entry = this.#byZone.get(zone);
    if (!entry) return;
    const { state, notes } = entry;
    const layout = layoutZone(notes.values());
    const items = layout.order.flatMap((id) => this.#placed(id, notes, layout));
    if (!sameItems(items, state.items)) state.items = items;
    state.layout = layout;
  }

  #placed(id: string, notes: ReadonlyMap<string, NoteVM>, layout: ZoneLayout): NoteItem[] {
    const [note, place] = [notes.get(id), layout.places.get(id)];
    if (!note || !place) return [];
    const item = this.#items.get(id);
    if (!item) {
      const made = new NoteItem(note, place);
      this.#items.set(id, made);
      return [made];
    }
    if (item.note !== note) item.note = note;
    if (!samePlace(item.place, place)) {
      item.place = place;
      // Whoever dragged it has put it down: what they show of the drag is over.
      if (!item.inHand) item.offset = null;
    }
    return [item];
  }
}

function sameItems(a: readonly NoteItem[], b: readonly NoteItem[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function samePlace(a: Place, b: Place): boolean {
  return a.x === b.x && a.y === b.y && a.height === b.height && a.placed === b.placed;
}
