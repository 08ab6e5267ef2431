/** Who else is on this board and what they do there; and what we show of ourselves. Never stored. */
import type { Awareness } from 'y-protocols/awareness';
import { nextFrame, type Schedule } from '../document/store';
import { compare, t } from '../i18n/i18n';
import { Throttle } from './throttle';

/** Board units from the top left of a zone's field. */
export interface Cursor {
  readonly zone: string;
  readonly x: number;
  readonly y: number;
}

/** Notes on their way: how far from where they stand, board units. */
export interface Drag {
  readonly ids: readonly string[];
  readonly dx: number;
  readonly dy: number;
}

/** What a client shows; the server adds `user`, whatever we say. */
interface Shown {
  cursor?: Cursor;
  edit?: string;
  drag?: Drag;
  /** On the desk: the board that stands open. */
  board?: string;
}

export interface Other extends Readonly<Shown> {
  readonly client: number;
  readonly person: string;
  readonly name: string;
  readonly color: number;
}

const MIN_MOVE = 2;
const CALM_MS = 100;
const CROWDED_MS = 200;
const CROWD = 30;
const MOST_DRAGGED = 200;

/** How often each of them tells where they point and what they carry, milliseconds. */
export function paceAmong(others: number): number {
  return others > CROWD ? CROWDED_MS : CALM_MS;
}

/** One person's sight of the others on one board, and theirs of this person. */
export class Presence {
  readonly #awareness: Awareness;
  readonly #send: Throttle;
  readonly #listeners = new Set<() => void>();
  #shown: Shown = {};
  readonly #schedule: Schedule;
  #others: readonly Other[] | null = null;
  #waiting = false;

  /** `quiet`: see others without being seen. `schedule`: when what has changed is told. */
  constructor(awareness: Awareness, quiet = false, schedule: Schedule = nextFrame) {
    this.#awareness = awareness;
    this.#schedule = schedule;
    this.#send = new Throttle(this.#show, () => paceAmong(this.others.length));
    awareness.setLocalState(quiet ? null : {});
    awareness.on('change', this.#changed);
  }

  /** Everybody else, by name; a person with two tabs stands here twice. */
  get others(): readonly Other[] {
    this.#others ??= [...this.#awareness.getStates()]
      .filter(([client]) => client !== this.#awareness.clientID)
      .flatMap(([client, state]) => readOther(client, state))
      .sort((a, b) => compare(a.name, b.name) || a.client - b.client);
    return this.#others;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  point(cursor: Cursor | null): void {
    const before = this.#shown.cursor;
    if (cursor && before && isNear(cursor, before)) return;
    if (!cursor && !before) return;
    this.#set('cursor', cursor);
  }

  edit(note: string | null): void {
    this.#set('edit', note);
  }

  stand(board: string | null): void {
    if (board !== (this.#shown.board ?? null)) this.#set('board', board);
  }

  drag(drag: Drag | null): void {
    this.#set('drag', drag && { ...drag, ids: drag.ids.slice(0, MOST_DRAGGED) });
  }

  destroy(): void {
    this.#send.cancel();
    this.#awareness.off('change', this.#changed);
    this.#listeners.clear();
  }

  #set<K extends keyof Shown>(key: K, value: Shown[K] | null): void {
    const shown = { ...this.#shown };
    if (value == null) delete shown[key];
    else shown[key] = value;
    this.#shown = shown;
    this.#send.call();
  }

  readonly #show = (): void => {
    if (this.#awareness.getLocalState() !== null) this.#awareness.setLocalState({ ...this.#shown });
  };

  /** Many people move within one frame, and the screen shows them together. */
  readonly #changed = (): void => {
    this.#others = null;
    if (this.#waiting) return;
    this.#waiting = true;
    this.#schedule(this.#tell);
  };

  readonly #tell = (): void => {
    this.#waiting = false;
    for (const listener of [...this.#listeners]) listener();
  };
}

/** One state as sent by a browser we do not control: whatever is malformed is left out. */
function readOther(client: number, state: Record<string, unknown>): Other[] {
  const user = record(state['user']);
  const { id, name, color } = user;
  if (typeof id !== 'string' || typeof name !== 'string') return [];
  const cursor = readCursor(record(state['cursor']));
  const drag = readDrag(record(state['drag']));
  const { edit, board } = state;
  return [
    {
      client,
      person: id,
      name: name || t('note.somebody'),
      color: typeof color === 'number' ? color : 0,
      ...(cursor && { cursor }),
      ...(drag && { drag }),
      ...(typeof edit === 'string' && { edit }),
      ...(typeof board === 'string' && { board }),
    },
  ];
}

function readCursor({ zone, x, y }: Record<string, unknown>): Cursor | null {
  return typeof zone === 'string' && isNumber(x) && isNumber(y) ? { zone, x, y } : null;
}

function readDrag({ ids, dx, dy }: Record<string, unknown>): Drag | null {
  if (!Array.isArray(ids) || !isNumber(dx) || !isNumber(dy)) return null;
  return { ids: ids.filter((id) => typeof id === 'string').slice(0, MOST_DRAGGED), dx, dy };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isNear(a: Cursor, b: Cursor): boolean {
  return a.zone === b.zone && Math.hypot(a.x - b.x, a.y - b.y) < MIN_MOVE;
}
