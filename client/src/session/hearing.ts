/** What others do on a board, for those who do not see it: gathered, and said now and then. */
import { announce } from '../browser/announce.svelte';
import { volume, type Volume } from '../device/volume';
import type { Note } from '../document/schema';
import { inMyLanguage, t } from '../i18n/i18n';
import type { Worked } from './worked';

/** How long is gathered, milliseconds. */
export const PAUSE_MS: Record<Exclude<Volume, 'off'>, number> = { summary: 15_000, all: 3_000 };
/** More at once are counted, also by whoever wants to hear all. */
const MOST = 5;
/** Of a note that is said, UTF-16 units. */
const MOST_LETTERS = 160;

/** A note before and after; null where it was not, or is no more. */
export interface Change {
  readonly was: Note | null;
  readonly is: Note | null;
}

/** What became of a note, in a word; null where nothing is worth one. */
export function kindOf({ was, is }: Change): 'new' | 'changed' | 'moved' | 'deleted' | null {
  const [before, after] = [was?.text ?? '', is?.text ?? ''];
  if (before === '' && after === '') return null;
  if (before === '') return 'new';
  if (is === null) return 'deleted';
  if (before !== after) return 'changed';
  return was?.zone === is.zone ? null : 'moved';
}

/** The sentences for it; `zone` names one by its id. */
export function sentencesOf(
  changes: readonly Change[],
  loudness: Volume,
  zone: (id: string) => string,
): string[] {
  const told = changes.flatMap((change) => {
    const kind = kindOf(change);
    const note = change.is ?? change.was;
    return kind && note ? [{ kind, note, before: change.was }] : [];
  });
  if (loudness === 'off' || told.length === 0) return [];
  if (told.length === 1 || (loudness === 'all' && told.length <= MOST)) {
    return told.map(({ kind, note, before }) =>
      t(`heard.one.${kind}`, {
        note: beginning((kind === 'deleted' ? before : note)?.text ?? ''),
        zone: zone(note.zone),
      }),
    );
  }
  const counts = (['new', 'changed', 'moved', 'deleted'] as const).flatMap((kind) => {
    const n = told.filter((one) => one.kind === kind).length;
    return n > 0 ? [t(`heard.many.${kind}`, { n })] : [];
  });
  return [t('heard.others', { changes: counts.join(', ') })];
}

function beginning(text: string): string {
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS).trimEnd()}…`;
}

/** One board's ear: nothing that one does oneself, and no note while somebody still writes in it. */
export class Hearing {
  readonly #session: Worked;
  readonly #known = new Map<string, Note>();
  readonly #waiting = new Map<string, Note | null>();
  #saying: ReturnType<typeof setTimeout> | null = null;

  constructor(session: Worked) {
    this.#session = session;
  }

  /** The board changed. `foreign`: what was changed by others, or by this person elsewhere. */
  changed(ids: ReadonlySet<string>, foreign: ReadonlySet<string>): void {
    const { store, loaded } = this.#session;
    for (const id of ids) {
      const was = this.#known.get(id) ?? null;
      const is = store.notes.get(id) ?? null;
      if (loaded && foreign.has(id) && (was || is) && !this.#waiting.has(id)) {
        this.#waiting.set(id, was);
      }
      if (is) this.#known.set(id, is);
      else this.#known.delete(id);
    }
    this.#wake();
  }

  destroy(): void {
    if (this.#saying) clearTimeout(this.#saying);
  }

  #wake(): void {
    const loudness = volume.chosen;
    if (loudness === 'off') this.#waiting.clear();
    else if (this.#waiting.size > 0) this.#saying ??= setTimeout(this.#say, PAUSE_MS[loudness]);
  }

  readonly #say = (): void => {
    this.#saying = null;
    const { store, presence, state } = this.#session;
    const held = new Set(presence.others.map(({ edit }) => edit));
    const ready = [...this.#waiting].filter(([id]) => !held.has(id) || !store.notes.has(id));
    for (const [id] of ready) this.#waiting.delete(id);
    const changes = ready.map(([id, was]) => ({ was, is: store.notes.get(id) ?? null }));
    const zone = (id: string) => {
      const spec = state.zones.find((each) => each.spec.id === id)?.spec;
      return spec ? inMyLanguage(spec.title) : '';
    };
    for (const sentence of sentencesOf(changes, volume.chosen, zone)) announce(sentence);
    this.#wake();
  };
}
