/** Notes that came all at once, as from groups: told of where one stands, until one looks at them. */
import type { Worked } from './worked';
import type { Workspace } from './workspace.svelte';

/** Fewer are seen as they come. */
const MANY = 5;
/** How long the notes that one was shown stand out. */
const SHINE_MS = 6_000;

/** What came to one board in crowds and nobody here has looked at. */
export class Fresh {
  /** Ids of what nobody here has looked at yet. */
  ids = $state.raw<readonly string[]>([]);
  readonly #session: Worked;
  readonly #workspace: Workspace;
  readonly #known = new Set<string>();
  #dimming: ReturnType<typeof setTimeout> | null = null;
  #shining: readonly string[] = [];

  constructor(session: Worked, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  /** The board changed. `foreign`: what was changed by others, or by this person elsewhere. */
  changed(ids: ReadonlySet<string>, foreign: ReadonlySet<string>): void {
    const { store, loaded } = this.#session;
    const come = [...ids].filter((id) => store.notes.has(id) && !this.#known.has(id));
    for (const id of come) this.#known.add(id);
    const others = come.filter((id) => foreign.has(id));
    const waiting = this.ids.filter((id) => store.notes.has(id));
    const next = loaded && others.length >= MANY ? [...waiting, ...others] : waiting;
    if (next.length !== this.ids.length || others.length >= MANY) this.ids = next;
  }

  /** Go to the first of them; all of them stand out for a while. */
  show(): void {
    const { state } = this.#session;
    const fresh = new Set(this.ids);
    const items = state.zones.flatMap((zone) => zone.items.filter(({ id }) => fresh.has(id)));
    this.hide();
    this.#dim();
    for (const item of items) item.fresh = true;
    this.#shining = items.map(({ id }) => id);
    this.#dimming = setTimeout(() => this.#dim(), SHINE_MS);
    const [first] = items;
    if (first) this.#workspace.focusRequest = { kind: 'note', id: first.id };
  }

  hide(): void {
    this.ids = [];
  }

  destroy(): void {
    if (this.#dimming) clearTimeout(this.#dimming);
  }

  #dim(): void {
    if (this.#dimming) clearTimeout(this.#dimming);
    for (const id of this.#shining) {
      const item = this.#session.state.item(id);
      if (item) item.fresh = false;
    }
    this.#shining = [];
  }
}
