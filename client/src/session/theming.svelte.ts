/**
 * What this person does with themes: the verbs are those of canvas, list, keys and menus alike.
 */
import { tick } from 'svelte';
import { announce } from '../browser/announce.svelte';
import { inMyLanguage, t } from '../i18n/i18n';
import { isVisible } from '../text/plain';
import { toasts } from '../browser/toasts.svelte';
import { type ThemeItem, type ZoneState } from '../replica/board.svelte';
import { cornerFor } from '../layout/frame';
import type { Move } from '../document/edits';
import { mayTry, mayTryArranging, pinsIn } from './may-change';
import { deletedNotice, removerOf } from './rescue';
import { themeNameOf, themesOf, type Theme } from '../document/schema';
import type { Worked } from './worked';
import type { Workspace } from './workspace.svelte';
import { ThemeEdits } from '../document/theme-edits';
import type { Placement } from '../document/writer';

/** One person's work with the themes of one board. */
export class Theming {
  /** Notes for which a theme is being chosen. */
  asking = $state.raw<readonly string[] | null>(null);
  /** The name of a new theme as far as it is written: kept until one is made. */
  draft = $state('');
  /** The theme whose menu is open. */
  menu = $state<string | null>(null);
  /** The theme whose name is being written. */
  naming = $state<string | null>(null);
  /** A theme whose heading asks for the keyboard's focus, which the view then gives it. */
  focusRequest = $state<string | null>(null);

  readonly #session: Worked;
  readonly #workspace: Workspace;
  readonly #edits: ThemeEdits;
  #before = '';

  constructor(session: Worked, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
    this.#edits = new ThemeEdits(session.doc, session.board.id, session.undo);
  }

  // -- gathering -----------------------------------------------------------------------------

  /** Choose a theme for these notes, in a dialog. */
  ask(notes: readonly string[]): void {
    const standing = notes.filter((id) => this.#session.store.notes.has(id));
    if (standing.length === 0 || !mayTry(this.#session, 'move', standing)) return;
    this.#workspace.endEdit();
    this.asking = standing;
  }

  /** Gather notes under a new theme where the note `at` stands; gives its id. */
  make(notes: readonly string[], name = '', at = notes[0] ?? ''): string | null {
    const { state } = this.#session;
    const [anchor, zone] = [state.item(at), state.zoneOf(at)];
    if (!anchor || !zone || !mayTry(this.#session, 'move', notes)) return null;
    if (!mayTryArranging(this.#session, zone.spec.id)) return null;
    this.#workspace.endEdit();
    const all = [...new Set([at, ...notes])];
    const wanted = { zone: zone.spec.id, name: name.trim(), position: cornerFor(anchor.place) };
    const id = this.#edits.addTheme(all, wanted, this.#pinsBeside(all, zone));
    this.#done();
    announce(t('theme.made', { n: all.length, name: this.#nameOf(id) }));
    return id;
  }

  /** Put notes under a theme. */
  put(notes: readonly string[], theme: string): void {
    const { store } = this.#session;
    const news = notes.filter((id) => store.notes.get(id)?.theme !== theme);
    const into = store.themes.get(theme)?.zone;
    if (news.length === 0 || !mayTry(this.#session, 'move', news, into)) return;
    this.#workspace.endEdit();
    this.#edits.setTheme(news, theme);
    this.#done();
    announce(t('theme.added', { n: news.length, name: this.#nameOf(theme) }));
  }

  /** Let notes go from their theme: they stand beside it. */
  takeOut(notes: readonly string[]): void {
    const { state, edits } = this.#session;
    const items = notes.map((id) => state.item(id)).filter((item) => item?.note.theme != null);
    const moves = items.flatMap((item): Move[] =>
      item ? [{ id: item.id, zone: item.note.zone, x: item.place.x, y: item.place.y }] : [],
    );
    if (moves.length === 0 || !mayTry(this.#session, 'move', notes)) return;
    edits.moveNotes(moves);
    this.#done();
    announce(t('theme.taken-out', { n: moves.length }));
  }

  /** The note that is being written comes under a theme, or under none; one goes on writing. */
  writeUnder(theme: string | null): void {
    const { state, edits, store } = this.#session;
    const item = state.item(this.#workspace.editing?.id ?? '');
    if (!item || item.note.theme === theme || !mayTry(this.#session, 'move', [item.id])) return;
    const { id, note, place } = item;
    if (theme !== null) this.#edits.setTheme([id], theme);
    else edits.moveNotes([{ id, zone: note.zone, x: place.x, y: place.y }]);
    store.flush();
    if (theme === null) announce(t('theme.taken-out', { n: 1 }));
    else announce(t('theme.added', { n: 1, name: this.#nameOf(theme) }));
  }

  // -- the theme itself ----------------------------------------------------------------------

  /** Write its name, where it stands. */
  rename(id: string): void {
    const { undo, presence, doc } = this.#session;
    const item = this.#item(id);
    if (!item || !mayTryArranging(this.#session, item.theme.zone)) return;
    this.#workspace.endEdit();
    this.#workspace.select([]);
    this.endNaming();
    undo.boundary();
    this.#before = themeNameOf(doc, id)?.toString() ?? '';
    this.naming = id;
    presence.edit(id);
  }

  /** The name is written; gives the theme's id. */
  endNaming(): string | null {
    const { naming } = this;
    if (naming === null) return null;
    this.#session.undo.boundary();
    this.#session.presence.edit(null);
    this.naming = null;
    const now = themeNameOf(this.#session.doc, naming)?.toString() ?? '';
    if (now !== this.#before) announce(t('theme.renamed', { name: this.#nameOf(naming) }));
    return naming;
  }

  /** Put a theme down at a place; the places of what is unplaced around it are kept. */
  drop(move: Move): void {
    const { state } = this.#session;
    if (!mayTryArranging(this.#session, this.#item(move.id)?.theme.zone, move.zone)) return;
    const zones = [state.zoneOf(move.id), state.zone(move.zone)];
    this.#edits.moveTheme(
      move,
      [...new Set(zones)].flatMap((zone) => (zone ? this.#pinsBeside([move.id], zone) : [])),
    );
    this.#session.store.flush();
  }

  moveToZone(id: string, zone: ZoneState): void {
    const from = this.#item(id)?.theme.zone;
    if (!mayTryArranging(this.#session, from, zone.spec.id)) return;
    this.#edits.moveToZone(id, zone.spec.id);
    this.#done();
    this.focusRequest = id;
    this.tellMoved(id, zone);
  }

  tellMoved(id: string, zone: ZoneState): void {
    const to = { name: this.#nameOf(id), zone: inMyLanguage(zone.spec.title) };
    announce(t('theme.moved', to));
  }

  /** Its notes stay where they are seen. */
  takeApart(id: string): void {
    const [item, zone] = [this.#item(id), this.#session.state.zoneOf(id)];
    if (!item || !zone || !mayTryArranging(this.#session, zone.spec.id)) return;
    const inside = item.items.map((note) => note.id);
    if (!mayTry(this.#session, 'move', inside)) return;
    const text = t('theme.taken-apart', { name: this.#nameOf(id) });
    const places = item.items.map(({ id: note, place: { x, y } }) => ({ id: note, x, y }));
    const [first] = item.items;
    this.#edits.deleteTheme(id, [...this.#pinsBeside([id], zone), ...places]);
    this.#done();
    if (first) this.#workspace.focusRequest = { kind: 'note', id: first.id };
    const run = () => this.bringBack(id);
    this.#toast = { id, toast: toasts.show(text, { action: { label: t('board.undo'), run } }) };
  }

  /** One that was taken apart, by whomever, stands again. */
  bringBack(id: string): void {
    this.#edits.restoreTheme(id);
    this.#done();
    this.focusRequest = id;
  }

  // -- what others do ------------------------------------------------------------------------

  /** Something changed: what is gone is written and asked about no more. */
  settle(): void {
    const { themes, notes } = this.#session.store;
    if (this.naming !== null && !themes.has(this.naming)) this.#stopNaming(this.naming);
    if (this.menu !== null && !themes.has(this.menu)) {
      this.menu = null;
      toasts.show(t('theme.gone'));
    }
    if (this.asking?.every((id) => !notes.has(id))) this.#stopAsking(this.asking);
    if (this.#toast && themes.has(this.#toast.id)) this.#withdraw();
  }

  #stopAsking(gone: readonly string[]): void {
    this.asking = null;
    this.#workspace.tellGone(gone);
    this.#workspace.keepCut(this.draft);
  }

  /** The theme is gone whose name is being written: by another's hand, the name is kept. */
  #stopNaming(id: string): void {
    const { doc, tell } = this.#session;
    this.endNaming();
    if (removerOf(themesOf(doc).get(id)) === doc.clientID) return;
    void tick().then(() => {
      const name = themeNameOf(doc, id)?.toString() ?? '';
      if (isVisible(name)) tell(deletedNotice('theme', id, [name]));
    });
  }

  leave(): void {
    this.endNaming();
    this.#withdraw();
  }

  #toast: { readonly id: string; readonly toast: number } | null = null;

  #withdraw(): void {
    if (this.#toast) toasts.close(this.#toast.toast);
    this.#toast = null;
  }

  #done(): void {
    this.#session.store.flush();
    this.#workspace.select([]);
  }

  #pinsBeside(moved: readonly string[], zone: ZoneState): Placement[] {
    return pinsIn(this.#session, [zone]).filter(({ id }) => !moved.includes(id));
  }

  #item(id: string): ThemeItem | null {
    return this.#session.state.theme(id);
  }

  #nameOf(id: string): string {
    return themeName({ name: themeNameOf(this.#session.doc, id)?.toString() ?? '' });
  }
}

/** As it is shown: one line, and in everybody's own language that it has none. */
export function themeName({ name }: Pick<Theme, 'name'>): string {
  return isVisible(name) ? name.replace(/\s+/g, ' ').trim() : t('theme.unnamed');
}
