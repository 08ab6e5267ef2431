import type { GroupPlan } from '../../api/api';
import {
  deal,
  dealPages,
  likelyGroups,
  MOST_GROUPS,
  moved,
  reconciled,
  resized,
  shuffled,
  unplaced,
} from '../../workshop/groups';
import { seated, type ListedGroup } from './listed';
import { isVisible, plainLine } from '../../text/plain';

/** Dealt, by hand, by a list of names, as they were in the last round, or everybody's own choice. */
export type Way = 'even' | 'hand' | 'list' | 'again' | 'own';
/** Which pages a group fills in: dealt evenly, chosen by hand, or all of them. */
export type PagesWay = 'even' | 'hand' | 'all';
/** Ids of those who take part: who is here now, and who is not. */
export type People = readonly [here: readonly string[], away: readonly string[]];

/** All that a facilitator has decided of it, as it is kept on this device. */
export interface PlanDraft {
  readonly way: Way;
  readonly groups: string[][];
  readonly names: string[];
  readonly pagesWay: PagesWay;
  readonly chosen: number[][];
  /** People whom the facilitator took out of all groups; drafts of earlier versions have none. */
  readonly out?: string[];
  /** By name, for those who are not here yet. */
  readonly listed?: readonly ListedGroup[];
  /** The board that the groups are to work on, if chosen. */
  readonly board: string | null;
}

/** A breakout before it starts: who goes where, and what the groups are called. */
export class BreakoutPlan {
  way = $state<Way>('even');
  groups = $state.raw<string[][]>([]);
  names = $state<string[]>([]);
  /** Only where a board has pages. */
  pagesWay = $state<PagesWay>('even');
  /** Pages by group, as chosen by hand; a group without any fills in all. */
  #chosen = $state.raw<number[][]>([]);
  /** Taken out of all groups by hand: who comes or goes does not seat them again. */
  #out = $state.raw<readonly string[]>([]);

  /** As the list has it: who comes later is put where it says. */
  #listed = $state.raw<readonly ListedGroup[]>([]);

  readonly #people: () => People;
  readonly #defaultName: (index: number) => string;
  readonly #nameOfPerson: (person: string) => string;

  /** The board that the groups are to work on, if chosen. */
  board = $state<string | null>(null);

  /** `draft`: goes on from there; who came or went since is seated, nobody else moves. */
  constructor(
    people: () => People,
    defaultName: (index: number) => string,
    draft?: PlanDraft | undefined,
    nameOf: (person: string) => string = () => '',
  ) {
    this.#people = people;
    this.#nameOfPerson = nameOf;
    this.#defaultName = defaultName;
    if (draft) this.#restore(draft);
    else {
      this.#setCount(likelyGroups(people().flat().length));
      this.shuffle();
    }
  }

  get draft(): PlanDraft {
    const { way, groups, names, pagesWay, board } = this;
    const chosen = this.#chosen;
    const [out, listed] = [[...this.#out], this.#listed];
    return { way, groups, names: [...names], pagesWay, chosen, out, listed, board };
  }

  get count(): number {
    return this.groups.length;
  }

  get unplaced(): string[] {
    return unplaced(this.groups, this.#people().flat());
  }

  resize(count: number): void {
    if (count < 1 || count > MOST_GROUPS) return;
    const before = this.groups;
    this.#setCount(count);
    // By hand nobody is put anywhere they were not put: people of a group that goes wait again.
    this.groups = this.#seatsAll ? resized(before, count) : this.groups;
  }

  /** Deal everybody anew: first who is here, then who is not, so that no group is all absentees. */
  shuffle(): void {
    const [here, away] = this.#people();
    const dice = Math.random;
    this.#out = [];
    this.groups = deal([...shuffled(here, dice), ...shuffled(away, dice)], this.count);
  }

  choose(way: 'even' | 'hand' | 'list' | 'own'): void {
    this.way = way;
    this.#out = [];
    this.#listed = [];
    if (way === 'even') this.follow();
    else if (way !== 'list') this.groups = this.groups.map(() => []);
  }

  /** The groups of another round, with who is here of them; who is new is seated. */
  again(round: readonly { readonly name: string; readonly people: readonly string[] }[]): void {
    const here = new Set(this.#people().flat());
    this.#take(
      'again',
      round.map(({ people }) => people.filter((id) => here.has(id))),
      round.map(({ name }) => name),
    );
  }

  /** Groups as a list says them; answers the names of those who are not here. */
  list(listed: readonly ListedGroup[]): string[] {
    const found = seated(listed, this.#named());
    this.#take(
      'list',
      found.groups,
      listed.map(({ name }) => name),
    );
    this.#listed = listed;
    return found.missing;
  }

  /** Everybody is in a group: who comes is put into the smallest. */
  get #seatsAll(): boolean {
    return this.way === 'even' || this.way === 'again';
  }

  #named(): { id: string; name: string }[] {
    return this.#people()
      .flat()
      .map((id) => ({ id, name: this.#nameOfPerson(id) }));
  }

  #take(way: Way, groups: readonly string[][], names: readonly string[]): void {
    this.way = way;
    this.#out = [];
    this.#listed = [];
    this.#setCount(Math.min(MOST_GROUPS, Math.max(1, groups.length)));
    this.groups = this.groups.map((_, index) => groups[index] ?? []);
    this.names = this.groups.map((_, index) => names[index] ?? '');
    this.follow();
  }

  move(person: string, to: number | null): void {
    this.groups = moved(this.groups, person, to);
    const others = this.#out.filter((id) => id !== person);
    this.#out = to === null ? [...others, person] : others;
  }

  /** People come and go while the plan is made. */
  follow(): void {
    const people = this.#people().flat();
    const inGroups = people.filter((id) => !this.#out.includes(id));
    const kept = reconciled(this.groups, inGroups, this.#seatsAll);
    const next = this.way === 'list' ? this.#withListed(kept) : kept;
    if (JSON.stringify(next) !== JSON.stringify(this.groups)) this.groups = next;
  }

  /** Who is in no group yet, and in the list, comes into theirs. */
  #withListed(groups: string[][]): string[][] {
    const waiting = new Set(unplaced(groups, this.#people().flat()));
    const found = seated(this.#listed, this.#named()).groups;
    return groups.map((own, index) => [
      ...own,
      ...(found[index] ?? []).filter((id) => waiting.has(id) && !this.#out.includes(id)),
    ]);
  }

  /** By hand one begins with what was dealt. `pages`: how many the board has. */
  choosePages(way: PagesWay, pages: number): void {
    if (way === 'hand') this.#chosen = this.dealt(pages) ?? this.groups.map(() => []);
    this.pagesWay = way;
  }

  /** Give a page to a group, or take it back. */
  togglePage(group: number, page: number): void {
    const toggled = (own: readonly number[]) =>
      own.includes(page) ? own.filter((one) => one !== page) : [...own, page].sort((a, b) => a - b);
    this.#chosen = this.groups.map((_, index) => {
      const own = this.#chosen[index] ?? [];
      return index === group ? toggled(own) : own;
    });
  }

  /** Pages by group, or null when every group fills in all of them. */
  dealt(pages: number): number[][] | null {
    if (this.pagesWay === 'all' || pages === 0) return null;
    if (this.pagesWay === 'even') return dealPages(pages, this.count);
    return this.groups.map((_, index) =>
      (this.#chosen[index] ?? []).filter((page) => page <= pages),
    );
  }

  /** What the server is asked for. `pages`: how many pages the board has, 0 for none. */
  asked(pages: number): GroupPlan[] {
    const dealt = this.dealt(pages);
    return this.groups.map((people, index) => {
      const own = dealt?.[index] ?? [];
      return { name: this.nameOf(index), people, ...(own.length > 0 && { pages: own }) };
    });
  }

  nameOf(index: number): string {
    const name = plainLine(this.names[index] ?? '');
    return isVisible(name) ? name : this.#defaultName(index);
  }

  #restore({ way, groups, names, pagesWay, chosen, out, listed, board }: PlanDraft): void {
    Object.assign(this, { way, groups, names, pagesWay, board });
    this.#chosen = chosen;
    this.#out = out ?? [];
    this.#listed = listed ?? [];
    this.follow();
  }

  #setCount(count: number): void {
    this.groups = Array.from({ length: count }, (_, index) => this.groups[index] ?? []);
    this.names = Array.from({ length: count }, (_, index) => this.names[index] ?? '');
  }
}
