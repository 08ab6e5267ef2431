import { tick, untrack } from 'svelte';
import type { FocusRequest } from '../document/links';
import { Neighbours } from '../replica/neighbours.svelte';
import { boundsOn, lockedOn, rightsOn } from '../workshop/rights';
import { Replica, type ReplicaOptions } from '../replica/replica.svelte';
import { BoardSession } from '../session/session.svelte';
import type { BoardDefinition, GroupMark } from '../workshop/workshop';
import type { BoardInfo, Announcement } from '../workshop/desk';
import { api } from '../api/api';
import { completed } from '../workshop/whole-texts';
import type { StageOf, Workbook } from '../workshop/boot';
import { comesAlong, inMyLanguage, t } from '../i18n/i18n';
import { toasts } from '../browser/toasts.svelte';
import type { LinkTarget } from './address';
import { unsent } from '../api/unsent.svelte';
import { Belongings } from './belongings.svelte';
import { SIGNED_OUT, type DeskState } from './desk.svelte';
import { Leading } from './led.svelte';
import { followOutage } from './outage.svelte';
import { messageAt } from '../workshop/at-work';
import {
  placeOf,
  rowTitles,
  sharedBoards,
  VIEW_KINDS,
  votingOn,
  type Place,
} from '../workshop/place';
import { DeepLink } from './deep-link.svelte';
import { keepPlace, lastPlace } from './last-place';
import { followScene } from './speaking.svelte';
import { followPutAway, followRole, followWentBack } from './told.svelte';

/** Refusals of what was sent, and of a copy that is out of date: another one may serve. */
const REOPENS: readonly number[] = [4400, 4403, 4409, 4413, 4422, 4509];
const REOPEN_MS = 60_000;
const MOST_REOPENED = 3;
/** The board itself comes first; then the others, for the links that they tell of. */
const MARKS_MS = 1_500;

/** One person's way through the workshop: which board is open, and what calls them elsewhere. */
export class Navigation {
  readonly desk: DeskState;
  /** As the facilitator has adapted it. */
  workbook = $state.raw() as Workbook;
  #isWhole = false;
  session = $state.raw<BoardSession | null>(null);

  /** Where the person went by hand, or was led. */
  #wish = $state<string | null>(null);
  #dismissed = $state<string | null>(null);
  /** Counts "open again" after a refusal. */
  #round = $state(0);

  readonly shared = $derived.by(() =>
    sharedBoards(
      this.desk.now,
      VIEW_KINDS,
      this.stages.flatMap(({ boards }) => boards),
    ).filter(({ key }) => this.stages.some(({ boards }) => boards.includes(key))),
  );
  /** Stages that are worked through here, in order, with the boards of each. */
  get stages(): StageOf[] {
    const hidden = new Set(this.workbook.boards.flatMap((b) => (b.hidden ? [b.key] : [])));
    return this.workbook.stages
      .filter((stage) => !stage.hidden)
      .map((stage) => ({ ...stage, boards: stage.boards.filter((key) => !hidden.has(key)) }));
  }
  readonly place: Place = $derived.by(() =>
    placeOf(this.desk.now, this.desk.me, this.shared, this.#wish),
  );
  readonly #boardId = $derived(this.place.kind === 'nowhere' ? null : this.place.board);
  readonly #lineage = $derived.by(() => this.desk.board(this.#boardId)?.lineage ?? null);
  readonly neighbours = new Neighbours({
    boards: () => this.shared,
    current: () => this.session,
    call: (item) => {
      if (this.session) this.session.workspace.focusRequest = item;
    },
    look: (board) => this.lookOn(board),
    title: (board) => this.title(board),
    show: () => (this.#isSeated ? null : (board, item) => this.show(board, item)),
    people: () => Object.keys(this.desk.now.people).length,
  });
  readonly belongings: Belongings;
  readonly #deepLink = new DeepLink({
    session: () => this.session,
    neighbours: this.neighbours,
    seated: () => this.#isSeated,
    home: (board) => this.#homeOf(board),
    go: (board) => this.#goTo(board),
  });
  readonly #leading: Leading;
  /** Groups of all breakouts, for the marks on notes. */
  readonly groups = $derived.by(() => groupMarks(this.desk));

  constructor(desk: DeskState, workbook: Workbook) {
    this.desk = desk;
    this.workbook = workbook;
    this.#leading = new Leading({
      desk,
      here: () => this.#boardId,
      busy: () => this.session?.busy ?? false,
      titleOf: (id) => this.#titleOf(id),
      go: (board) => this.go(board),
      begin: (board) => (this.#wish ??= lastPlace(desk.workshop, board) ?? board),
      back: (board) => (this.#wish = board),
    });
    this.belongings = new Belongings({
      desk,
      session: () => this.session,
      nameOf: (board) => this.#nameOf(board),
    });
  }

  readonly title = (board: BoardInfo): string => {
    const definition = this.definition(board);
    return definition ? inMyLanguage(definition.title) : board.key;
  };

  definition(board: BoardInfo): BoardDefinition | null {
    return this.workbook.boards.find(({ key }) => key === board.key) ?? null;
  }

  /** Titles of the rows that a group fills in, in the reader's language; empty when it is all. */
  rowsOf(board: BoardInfo | null, pages: readonly number[] = []): string[] {
    const definition = board && this.definition(board);
    return rowTitles(definition, pages).map(inMyLanguage);
  }

  get myRows(): string[] {
    const { place } = this;
    if (place.kind !== 'group') return [];
    return this.rowsOf(this.desk.board(place.board), place.seat.group.pages);
  }

  go(board: string): void {
    this.#deepLink.forget();
    toasts.forget('place');
    this.#goTo(board);
  }

  /** Go to a board, and there to an item. */
  show(board: string, item: FocusRequest | null): void {
    this.go(board);
    if (item) this.#deepLink.open({ ...item, board });
  }

  /** What an address asks for, as far as this person may go there. */
  seek(target: LinkTarget): void {
    const board = target.board === null ? null : this.#openTo(target.board);
    if (board === undefined) toasts.show(t('note.link-missing'));
    else if (board === null) this.#deepLink.open(target);
    else this.show(board, target);
  }

  /** The board itself, or the shared one that a group's board was made from; undefined for none. */
  #openTo(id: string): string | undefined {
    const board = this.desk.board(id);
    if (!board) return undefined;
    const mayVisit = board.group !== null && this.desk.me.role === 'facilitator';
    const shown = mayVisit ? id : this.neighbours.home(board);
    return mayVisit || this.shared.some((one) => one.id === shown) ? shown : undefined;
  }

  #homeOf(id: string): string {
    const board = this.desk.board(id);
    return board ? this.neighbours.home(board) : id;
  }

  #goTo(board: string): void {
    this.#wish = board;
    this.#leading.forget();
    keepPlace(this.desk.workshop, board, this.desk.now.board);
  }

  /** In a group, where one stays until it ends. */
  get #isSeated(): boolean {
    return this.place.kind === 'group' && this.place.mine;
  }

  /** The shared board whose copy one's group works on, where one stays until that ends; or null. */
  get seatedOn(): string | null {
    return this.place.kind === 'group' && this.place.mine ? this.place.seat.breakout.board : null;
  }

  /** The shared board that the visited group's board was forked from. */
  backToShared(): void {
    const { place } = this;
    if (place.kind === 'group') this.go(place.seat.breakout.board);
  }

  openAgain(): void {
    this.#round += 1;
  }

  get announcement(): Announcement | null {
    const { announcement } = this.desk.now;
    return announcement && announcement.id !== this.#dismissed ? announcement : null;
  }

  closeAnnouncement(): void {
    this.#dismissed = this.desk.now.announcement?.id ?? null;
  }

  #titleOf(id: string): string {
    const board = this.desk.board(id);
    return board ? this.title(board) : '';
  }

  /** What a board is called: a group's by its group. */
  #nameOf(id: string): string {
    const board = this.desk.board(id);
    if (!board) return t('waiting.a-board');
    return this.groups[board.group ?? '']?.name ?? this.title(board);
  }

  /** Keep the open board, the person's rights and the messages in step. Called while mounting. */
  follow(): void {
    this.#followBoard();
    this.#deepLink.follow();
    $effect(() => this.desk.stand(this.#boardId));
    this.#followMarks();
    $effect(() => () => this.neighbours.destroy());
    this.belongings.follow();
    this.#followRefusal();
    this.#followRights();
    this.#leading.follow();
    const { belongings } = this;
    followScene({
      desk: () => (this.desk.loaded ? this.desk.now : null),
      session: () => this.session,
      message: () => this.announcement,
      groupMessage: () => messageAt(this.place),
    });
    followOutage({
      status: () => this.session?.status,
      writes: () => this.session?.mayWrite ?? false,
      unsaved: () => (this.session?.unsaved ?? 0) > 0,
      waits: () => belongings.moving || belongings.elsewhere.length > 0 || unsent.count > 0,
    });
    this.#followGuidance();
    this.#followLanguage();
    followPutAway(this);
    followRole(this.desk);
    followWentBack(this.desk, () => this.#boardId);
  }

  /** The workbook as it is adapted now; the open board shows it when nobody writes there. */
  #followGuidance(): void {
    let before: string | null = null;
    $effect(() => {
      if (!this.desk.loaded) return;
      const now = JSON.stringify(this.desk.now.guidance);
      const isNews = before !== null && now !== before;
      before = now;
      if (isNews) untrack(() => void this.#readWorkbook().catch(() => undefined)); // as it was
    });
  }

  /** In all languages: what is shown already gets those that it lacks. Rejects when it does not come. */
  async #readWorkbook(): Promise<void> {
    const found = await api.workbook(this.desk.workshop);
    const before = this.workbook;
    this.workbook = found;
    this.#isWhole = true;
    for (const board of before.boards) {
      completed(
        board,
        found.boards.find(({ key }) => key === board.key),
      );
    }
    const { session } = this;
    const view = session && this.definition(session.board);
    const isOther = view && !completed(session.view, view);
    if (isOther && !session.workspace.editing && session.unsaved === 0) this.openAgain();
  }

  /** The page brought the workbook in one language; another one is shown when it has come too. */
  #followLanguage(): void {
    $effect(() =>
      comesAlong(async () => {
        if (!this.#isWhole) await this.#readWorkbook();
      }),
    );
  }

  #followBoard(): void {
    $effect(() => {
      void [this.#round, this.#lineage];
      const id = this.#boardId;
      const session = untrack(() => this.#open(id));
      this.session = session;
      // Not before its fields are gone: what was being composed in one of them goes into the document.
      return () => {
        session?.workspace.interrupt();
        void tick().then(() => session?.destroy());
      };
    });
  }

  #followMarks(): void {
    $effect(() => {
      if (!this.session?.loaded || this.place.kind !== 'shared') return;
      const soon = setTimeout(() => this.neighbours.openForMarks(), MARKS_MS);
      return () => clearTimeout(soon);
    });
  }

  /** A board to look on: live, unseen and read-only. The caller destroys it. */
  lookOn(board: string): Replica | null {
    const found = untrack(() => this.#describe(board));
    return found && untrack(() => new Replica(found).connect());
  }

  #open(id: string | null): BoardSession | null {
    const found = this.#describe(id);
    if (!found) return null;
    const { board } = found;
    const { neighbours } = this;
    return new BoardSession({
      ...found,
      ...rightsOn(board, this.desk.me, this.desk.now),
      bounds: boundsOn(board, this.desk.me, this.desk.now),
      locked: lockedOn(board, this.desk.now),
      pages: pagesOf(this.desk, board),
      neighbours,
      onNotice: (notice) => this.belongings.take(board.id, notice),
    });
  }

  /** A board with what the desk and the workbook say of it; null for one that is unknown here. */
  #describe(id: string | null): ReplicaOptions | null {
    const board = this.desk.board(id);
    const view = board && this.definition(board);
    if (!board || !view) return null;
    return {
      board,
      view,
      me: this.desk.me,
      people: () => this.desk.now.people,
      groups: () => this.groups,
      survey: { workshop: this.desk.workshop, rounds: () => this.desk.now.assessment },
      voting: () => votingOn(this.desk.now, board),
    };
  }

  /**
   * A connection ended over what was written: the courier takes care of that, and the board opens
   * again as the server has it; but not for ever.
   */
  #followRefusal(): void {
    let opened: number[] = [];
    $effect(() => {
      const { session, desk } = this;
      void desk.renewed;
      if (!session?.refused) return;
      const { code } = session.refused;
      if (!REOPENS.includes(code) && !(code === SIGNED_OUT && desk.isOldKey)) return;
      opened = opened.filter((at) => Date.now() - at < REOPEN_MS);
      if (opened.length >= MOST_REOPENED) return;
      opened.push(Date.now());
      untrack(() => this.openAgain());
    });
  }

  #followRights(): void {
    $effect(() => {
      const { session } = this;
      const board = this.desk.board(session?.board.id ?? null);
      if (!session || !board) return;
      const { mayWrite, reason } = rightsOn(board, this.desk.me, this.desk.now);
      const bounds = boundsOn(board, this.desk.me, this.desk.now);
      const locked = lockedOn(board, this.desk.now);
      untrack(() => session.allow(mayWrite, reason, bounds, locked));
    });
  }
}

/** Pages that the group of a board fills in; none for a shared board. */
function pagesOf({ now }: DeskState, { breakout, group }: BoardInfo): readonly number[] {
  const groups = breakout === null ? [] : (now.breakouts[breakout]?.groups ?? []);
  return groups.find(({ id }) => id === group)?.pages ?? [];
}

function groupMarks(desk: DeskState): Record<string, GroupMark> {
  const marks: Record<string, GroupMark> = {};
  for (const { groups } of Object.values(desk.now.breakouts)) {
    groups.forEach(({ id, name }, index) => (marks[id] = { id, name, index }));
  }
  return marks;
}
