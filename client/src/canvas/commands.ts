/** Carries out what a key asks for, by the same verbs as pointer, buttons and list. */
import { flushSync } from 'svelte';
import { otherCell } from '../session/became-links.svelte';
import type { NoteItem, ZoneState } from '../replica/board.svelte';
import { announce } from '../browser/announce.svelte';
import { inMyLanguage, t } from '../i18n/i18n';
import { giveDot, takeDotBack } from '../session/dots';
import { mayChange } from '../session/may-change';
import type { Carry } from './carry.svelte';
import type { Command } from './keys';
import type { Scene } from './scene.svelte';
import { nearest, type Direction } from './spatial';

export interface Surroundings {
  /** Put the keyboard's focus on a note, and show it. */
  readonly focusNote: (id: string) => void;
  /** The same with an empty zone. */
  readonly focusCell: (zone: string) => void;
  readonly openMenu: () => void;
  readonly openHelp: () => void;
}

type Handlers = { readonly [N in Command['name']]: (command: Command & { name: N }) => void };

/** One canvas's answers to keys: each command of `keys.ts`, done on what has the focus. */
export class Commands {
  readonly #scene: Scene;
  readonly #carry: Carry;
  readonly #around: Surroundings;
  #carried = { x: 0, y: 0 };
  /** The note that Space chose last. */
  #picked: string | null = null;

  constructor(scene: Scene, carry: Carry, around: Surroundings) {
    this.#scene = scene;
    this.#carry = carry;
    this.#around = around;
  }

  run(command: Command): void {
    if (!this.#isAllowed(command)) return;
    (this.#handlers[command.name] as (command: Command) => void)(command);
  }

  /** On a board that nobody may change now, what would change it says so; what is in hand goes back. */
  #isAllowed({ name }: Command): boolean {
    if (!CHANGES.has(name) || mayChange(this.#scene.session)) return true;
    if (this.#carry.moving) this.#carry.restore();
    return false;
  }

  /** To the first note of a zone, or to the zone while it is empty. */
  enterZone(zone: string | null): void {
    this.#scene.session.grid.reveal(zone ?? '');
    this.#enter(this.#scene.shown.find(({ spec }) => spec.id === zone));
  }

  readonly #handlers: Handlers = {
    focus: ({ direction, extend }) => this.#step(direction, extend),
    nudge: ({ dx, dy }) => this.#nudge(dx, dy),
    first: () => this.#focus(this.#zone()?.items[0]),
    last: () => this.#focus(this.#zone()?.items.at(-1)),
    'first-zone': () => this.#enter(this.#scene.shown[0]),
    'last-zone': () => this.#enter(this.#scene.shown.at(-1)),
    'next-zone': () => this.#zoneStep(1),
    'previous-zone': () => this.#zoneStep(-1),
    edit: () => this.#edit(),
    // The field has the focus by the time the browser types the character.
    write: () => flushSync(() => this.#edit()),
    toggle: () => this.#withFocus((id) => this.#toggle(id)),
    move: () => this.#pickUp(),
    drop: () => this.#drop(),
    'give-dot': () => this.#withFocus((id) => giveDot(this.#scene.session, id)),
    'take-dot': () => this.#withFocus((id) => takeDotBack(this.#scene.session, id)),
    restore: () => this.#restore(),
    menu: () => this.#withFocus((id) => this.#menu(id)),
    new: () => this.#write(),
    became: () => this.#withFocus((id) => this.#askWhatBecame(id)),
    delete: () => this.#delete(),
    theme: () => this.#scene.session.theming.ask(this.#workspace.chosen),
    all: () => this.#all(),
    duplicate: () => this.#duplicate(),
    undo: () => this.#workspace.undo(),
    redo: () => this.#workspace.redo(),
    'zoom-in': () => this.#scene.camera.zoomIn(),
    'zoom-out': () => this.#scene.camera.zoomOut(),
    fit: () => this.#scene.camera.fit(),
    help: () => this.#around.openHelp(),
    clear: () => this.#workspace.select([]),
  };

  get #workspace() {
    return this.#scene.session.workspace;
  }

  get #state() {
    return this.#scene.session.state;
  }

  /** The same keys on the heading of a theme; false when the key is the button's own. */
  runOn(id: string, command: Command): boolean {
    const carry = this.#carry;
    const { session } = this.#scene;
    const { theming } = session;
    if (!this.#isAllowed(command)) return true;
    const zone = this.#state.zoneOf(id);
    if (command.name === 'focus') this.#stepFrom(id, command.direction);
    else if (command.name === 'edit') theming.rename(id);
    else if (command.name === 'menu') theming.menu = id;
    else if (command.name === 'delete') theming.takeApart(id);
    else if (command.name === 'new' && zone) this.#workspace.addNote(zone, null, id);
    else if (command.name === 'move') {
      carry.pickUpTheme(id);
      if (carry.theme) this.#begin();
    } else if (OWN_KEYS.has(command.name)) return false;
    else this.run(command);
    return true;
  }

  #stepFrom(id: string, direction: Direction): void {
    const theme = this.#state.theme(id);
    const box = theme && this.#scene.boxOf(theme);
    if (!box) return;
    const head = { ...box, height: theme.place.head };
    const next = nearest(this.#scene.boxes().set(id, head), id, direction);
    if (next !== null) this.#around.focusNote(next);
  }

  #withFocus(act: (id: string) => void): void {
    const { focus } = this.#workspace;
    if (focus !== null && this.#state.item(focus)) act(focus);
  }

  #focus(item: NoteItem | undefined): void {
    if (!item) return;
    this.#letGo();
    this.#around.focusNote(item.id);
  }

  /** A note that is chosen just because one wrote or clicked it: Delete must not mean it any more
   * when the focus has gone on to another. */
  #letGo(): void {
    const { focus, selection } = this.#workspace;
    if (focus === null || focus === this.#picked) return;
    if (selection.size === 1 && selection.has(focus)) this.#workspace.select([]);
  }

  /** To a zone: its first note, or the zone itself while it is empty. */
  #enter(zone: ZoneState | undefined): void {
    if (!zone) return;
    const [first] = zone.items;
    if (first) this.#focus(first);
    else this.#enterCell(zone.spec.id);
  }

  #enterCell(zone: string): void {
    this.#letGo();
    this.#around.focusCell(zone);
  }

  #step(direction: Direction, extend: boolean): void {
    const { focus, cell } = this.#workspace;
    const own = focus ?? (cell === null ? null : spotOf(cell));
    const boxes = this.#scene.boxes();
    const from = cell === null ? boxes.get(focus ?? '') : this.#scene.cellBox(cell);
    if (own === null || !from) return;
    // What is chosen are notes: choosing more goes past what is empty.
    if (!extend) {
      for (const [id, box] of this.#scene.cellsFrom(from)) boxes.set(spotOf(id), box);
    }
    const next = nearest(boxes.set(own, from), own, direction);
    if (next === null) return;
    const zone = cellOf(next);
    if (zone !== null) return this.#enterCell(zone);
    if (extend) this.#workspace.select([...this.#workspace.selection, own, next]);
    else this.#letGo();
    this.#around.focusNote(next);
  }

  #zone(): ZoneState | null {
    const { focus, cell } = this.#workspace;
    if (cell !== null) return this.#state.zone(cell);
    const { lastZone } = this.#scene;
    if (focus !== null && this.#state.item(focus)) return this.#state.zoneOf(focus);
    return (lastZone === null ? null : this.#state.zone(lastZone)) ?? this.#scene.shown[0] ?? null;
  }

  #zoneStep(by: number): void {
    const { shown } = this.#scene;
    const zone = this.#zone();
    const at = zone ? shown.indexOf(zone) : -1;
    this.#enter(shown[Math.max(0, Math.min(shown.length - 1, at + by))]);
  }

  #edit(): void {
    if (this.#workspace.cell !== null) this.#write();
    else this.#withFocus((id) => this.#workspace.edit(id));
  }

  #duplicate(): void {
    this.#workspace.duplicate(this.#workspace.chosen);
    const { focus } = this.#workspace;
    if (focus !== null) this.#around.focusNote(focus);
  }

  #toggle(id: string): void {
    this.#workspace.toggle(id);
    this.#picked = id;
    announce(t('board.selected', { n: this.#workspace.selection.size }));
  }

  #all(): void {
    const zone = this.#zone();
    if (!zone) return;
    this.#workspace.select(zone.items.map(({ id }) => id));
    announce(t('board.selected', { n: this.#workspace.selection.size }));
  }

  #menu(id: string): void {
    if (!this.#workspace.selection.has(id)) this.#workspace.select([id]);
    this.#around.openMenu();
  }

  #askWhatBecame(id: string): void {
    const { session } = this.#scene;
    if (session.mayWrite && otherCell(session, id)) this.#workspace.becoming = id;
  }

  /** Where the keyboard is, if one sees that; else where one looks. */
  #write(): void {
    const { focus, cell } = this.#workspace;
    const own = cell ?? this.#state.zoneOf(focus ?? '')?.spec.id;
    const zone = this.#scene.zoneInSight([own, this.#scene.lastZone]) ?? this.#zone();
    if (zone) this.#workspace.addNote(zone, 'free');
  }

  #delete(): void {
    const ids = this.#workspace.chosen;
    this.#workspace.remove(ids);
    const { focus, cell } = this.#workspace;
    if (focus !== null) this.#around.focusNote(focus);
    else if (cell !== null) this.#around.focusCell(cell);
  }

  // -- move mode -----------------------------------------------------------------------------

  #pickUp(): void {
    const ids = this.#workspace.chosen;
    if (ids.length === 0) return;
    this.#carry.pickUp(ids);
    if (this.#carry.active) this.#begin();
  }

  #begin(): void {
    this.#carried = { x: 0, y: 0 };
    this.#over = this.#carry.over();
    this.#carry.moving = true;
    announce(t('board.move-started'));
  }

  #nudge(dx: number, dy: number): void {
    this.#carried = { x: this.#carried.x + dx, y: this.#carried.y + dy };
    const carry = this.#carry;
    const { camera } = this.#scene;
    carry.carryTo(this.#carried.x, this.#carried.y);
    const focus = this.#workspace.focus ?? '';
    const middle = carry.middleOf(focus);
    // Onto a note nobody gets by chance: by keys a theme is made in the dialog.
    if (middle) carry.aim(middle, false);
    const item = carry.theme ?? this.#state.item(focus);
    const box = item && this.#scene.boxOf(item);
    if (box) camera.reveal(carry.theme ? { ...box, height: carry.theme.place.head } : box);
    this.#tellCrossing();
  }

  /** Into which zone it has come on its way: what the eye sees of the move. */
  #tellCrossing(): void {
    const over = this.#carry.over();
    if (over === null || over === this.#over) return;
    this.#over = over;
    const zone = this.#state.zone(over);
    if (zone) announce(t('board.moves-over', { zone: inMyLanguage(zone.spec.title) }));
  }
  #over: string | null = null;

  #drop(): void {
    const { focus } = this.#workspace;
    const carry = this.#carry;
    const { theme } = carry;
    carry.putDown();
    if (theme) {
      this.#scene.session.theming.focusRequest = theme.id;
      return;
    }
    const zone = focus === null ? null : this.#state.zoneOf(focus);
    if (zone && this.#state.item(focus ?? '')?.note.theme === null) {
      announce(this.#whereabouts(zone, focus));
    }
    if (focus !== null) this.#around.focusNote(focus);
  }

  #restore(): void {
    this.#carry.restore();
    announce(t('board.move-cancelled'));
  }

  #whereabouts(zone: ZoneState, id: string | null): string {
    const at = zone.items.findIndex((item) => item.id === id);
    const place = { zone: inMyLanguage(zone.spec.title), at: at + 1, of: zone.items.length };
    return t('board.dropped', place);
  }
}

/** What on a note is about the note, and on a button about the button. */
const OWN_KEYS: ReadonlySet<Command['name']> = new Set(['toggle', 'duplicate', 'all', 'theme']);

const CHANGES: ReadonlySet<Command['name']> = new Set([
  'nudge',
  'edit',
  'write',
  'move',
  'drop',
  'new',
  'became',
  'delete',
  'theme',
  'duplicate',
]);

const SPOT = 'cell:';

/** An empty zone among notes, by a name that no note has. */
function spotOf(zone: string): string {
  return `${SPOT}${zone}`;
}

function cellOf(name: string): string | null {
  return name.startsWith(SPOT) ? name.slice(SPOT.length) : null;
}
