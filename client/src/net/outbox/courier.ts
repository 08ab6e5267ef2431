/**
 * Brings what waits on this device for boards that are not open: group work that was over before it
 * arrived, boards that somebody left without a connection, and edits over which a connection ended.
 * What can never be brought is set aside.
 */
import type { Edit } from '../wire/ledger';
import { countChanges } from '../wire/ledger';
import { nextPiece } from '../wire/pieces';
import type { Shelf, Waiting } from './shelf';
import { textsOf } from '../wire/texts';
import type { Notice } from '../wire/wire';

/** What became of one update that was brought. */
export type Answer =
  | { readonly kind: 'taken'; readonly notices: readonly Notice[] }
  /** Not now: a lock, an observer. */
  | { readonly kind: 'held' }
  /** The server could not be asked, or does not know now. */
  | { readonly kind: 'silent' }
  /** Not ever; `code` is a slug for a sentence. */
  | { readonly kind: 'refused'; readonly code: string };

/** What the desk says of a board: ask, leave it for later, or never (`code`). */
export type Outlook = 'ask' | 'later' | { readonly never: string };

export interface CourierOptions {
  readonly shelf: Shelf;
  readonly person: string;
  /** Bring one update; for good whenever it is `taken`. */
  readonly deliver: (board: string, lineage: string, update: Uint8Array) => Promise<Answer>;
  readonly outlook: (board: string, lineage: string) => Outlook;
  /** The open board's own connection brings it. */
  readonly isTended: (row: Waiting) => boolean;
  /** It could not be brought now; what then? Null to keep it. */
  readonly givesUp: (row: Waiting) => string | null;
  readonly onBrought: (board: string, changes: number, rows: readonly Waiting[]) => void;
  readonly onNotice: (board: string, notice: Notice) => void;
}

/** A connection of this tab or another is given so long to bring it. */
const YOUNG_MS = 3_000;
const FIRST_PAUSE_MS = 2_000;
const LAST_PAUSE_MS = 60_000;
const LOCK = 'hahmo-courier';

/** A bringer of what waits for boards that are not open, one board after the other. */
export class Courier {
  readonly #options: CourierOptions;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running = false;
  #again = false;
  #failures = 0;
  #stopped = false;

  constructor(options: CourierOptions) {
    this.#options = options;
    addEventListener('online', this.nudge);
  }

  /** Something changed: look now. */
  readonly nudge = (): void => {
    this.#failures = 0;
    this.#plan(0);
  };

  /** Something waits: look soon, unless a time is set. */
  wake(): void {
    if (!this.#timer && !this.#running) this.#plan(FIRST_PAUSE_MS);
  }

  destroy(): void {
    this.#stopped = true;
    removeEventListener('online', this.nudge);
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Bring what can be brought. Resolves when that is done. */
  async run(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      await alone(`${LOCK}/${this.#options.person}`, () => this.#round());
    } finally {
      this.#running = false;
    }
    if (this.#again) this.#plan(0);
    this.#again = false;
  }

  #plan(pause: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.run();
    }, pause);
  }

  async #round(): Promise<void> {
    const { shelf, person } = this.#options;
    const rows = await shelf.waitingOf(person);
    let left = false;
    const mine = this.#mine(rows);
    for (const parcel of parcelsOf(mine)) {
      left = !(await this.#bring(parcel)) || left;
    }
    left ||= rows.some((row) => !mine.includes(row) && !this.#options.isTended(row));
    if (left) this.#comeAgain();
    else this.#failures = 0;
  }

  #comeAgain(): void {
    const pause = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#plan(pause);
  }

  /** What nobody else brings; with it goes what was written on the same board a moment ago. */
  #mine(rows: readonly Waiting[]): Waiting[] {
    const untended = rows.filter((row) => row.suspect === true || !this.#options.isTended(row));
    return parcelsOf(untended).flatMap((parcel) =>
      parcel.some(isOld) ? parcel : parcel.filter(({ suspect }) => suspect),
    );
  }

  /** True when nothing of it waits any more. */
  async #bring(rows: readonly Waiting[]): Promise<boolean> {
    const [{ board, lineage } = { board: '', lineage: '' }] = rows;
    const outlook = this.#options.outlook(board, lineage);
    if (outlook === 'later') return false;
    if (outlook !== 'ask') return this.#setAside(rows, outlook.never);
    const round = { brought: [] as Waiting[], refused: [] as Waiting[], code: '' };
    const whole = await this.#bringAll(rows, round);
    if (round.refused.length > 0) this.#setAside(round.refused, round.code);
    const changes = countChanges(round.brought.map(asEdit));
    if (changes > 0) this.#options.onBrought(board, changes, round.brought);
    return whole;
  }

  async #bringAll(rows: readonly Waiting[], round: Round): Promise<boolean> {
    for (let rest = rows; rest.length > 0;) {
      const { updates, edits } = nextPiece(rest.map(asEdit));
      const piece = rest.slice(0, edits.length);
      if (!(await this.#bringPiece(piece, updates, round))) return false;
      rest = rest.slice(edits.length);
    }
    return true;
  }

  /** False when it has to wait, and so what follows. */
  async #bringPiece(
    piece: readonly Waiting[],
    updates: readonly Uint8Array[],
    round: Round,
  ): Promise<boolean> {
    const [first] = piece;
    if (!first) return true;
    const answer = await this.#ask(first, updates);
    if (answer.kind === 'silent') return false;
    if (answer.kind === 'held') return this.#held(piece, first, round);
    if (answer.kind === 'refused') return this.#refused(piece, answer.code, round);
    this.#options.shelf.remove(piece.map(({ key }) => key));
    round.brought.push(...piece);
    return true;
  }

  async #ask({ board, lineage }: Waiting, updates: readonly Uint8Array[]): Promise<Answer> {
    for (const update of updates) {
      const answer = await this.#options.deliver(board, lineage, update);
      if (answer.kind !== 'taken') return answer;
      for (const notice of answer.notices) this.#options.onNotice(board, notice);
    }
    return { kind: 'taken', notices: [] };
  }

  async #held(piece: readonly Waiting[], first: Waiting, round: Round): Promise<boolean> {
    const code = this.#options.givesUp(first);
    if (code === null) return false;
    if (first.suspect) return this.#refused(piece, code, round);
    round.code = code;
    round.refused.push(...piece);
    return true;
  }

  /** One of them is at fault: all others are brought, one by one. */
  async #refused(piece: readonly Waiting[], code: string, round: Round): Promise<boolean> {
    if (piece.length === 1) {
      round.code = code;
      round.refused.push(...piece);
      return true;
    }
    for (const row of piece) {
      const { updates } = nextPiece([asEdit(row)]);
      if (!(await this.#bringPiece([row], updates, round))) return false;
    }
    return true;
  }

  #setAside(rows: readonly Waiting[], code: string): true {
    const { shelf, person } = this.#options;
    const [first] = rows;
    if (!first) return true;
    shelf.setAside({
      key: `${person}/${first.key.slice(first.key.lastIndexOf('/') + 1)}`,
      board: first.board,
      person,
      at: Date.now(),
      code,
      texts: textsOf(rows.map(({ update }) => update)),
      count: countChanges(rows.map(asEdit)),
    });
    shelf.remove(rows.map(({ key }) => key));
    return true;
  }
}

interface Round {
  readonly brought: Waiting[];
  readonly refused: Waiting[];
  code: string;
}

function isOld({ at }: Waiting): boolean {
  return Math.abs(Date.now() - at) > YOUNG_MS;
}

function asEdit({ key, update, about = [] }: Waiting): Edit {
  return { key, update, about };
}

/** By board and lineage, in the order in which they were written. */
function parcelsOf(rows: readonly Waiting[]): Waiting[][] {
  const parcels = new Map<string, Waiting[]>();
  for (const row of rows) {
    const address = `${row.board}/${row.lineage}`;
    const parcel = parcels.get(address);
    if (parcel) parcel.push(row);
    else parcels.set(address, [row]);
  }
  return [...parcels.values()];
}

/**
 * One tab at a time, where the browser has locks (a secure context); elsewhere two may bring the
 * same, and the server has it once all the same.
 */
async function alone(name: string, act: () => Promise<void>): Promise<void> {
  const locks = (navigator as Partial<Navigator>).locks;
  if (!locks) return act();
  await locks.request(name, { ifAvailable: true }, (lock) => (lock ? act() : undefined));
}
