import type { GroupPlan } from '../lib/api';
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
} from '../lib/groups';
import { oneLine } from '../lib/one-line';

export type Way = 'even' | 'hand';
/** Ids of those who take part: who is here now, and who is not. */
export type People = readonly [here: readonly string[], away: readonly string[]];

/** A breakout before it starts: who goes where, and what the groups are called. */
export class BreakoutPlan {
  way = $state<Way>('even');
  groups = $state.raw<string[][]>([]);
  names = $state<string[]>([]);
  /** Each group fills in pages of its own; only where a board has pages. */
  byPages = $state(true);

  readonly #people: () => People;
  readonly #defaultName: (index: number) => string;

  constructor(people: () => People, defaultName: (index: number) => string) {
    this.#people = people;
    this.#defaultName = defaultName;
    this.#setCount(likelyGroups(people().flat().length));
    this.shuffle();
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
    this.groups = this.way === 'even' ? resized(before, count) : this.groups;
  }

  /** Deal everybody anew: first who is here, then who is not, so that no group is all absentees. */
  shuffle(): void {
    const [here, away] = this.#people();
    const dice = Math.random;
    this.groups = deal([...shuffled(here, dice), ...shuffled(away, dice)], this.count);
  }

  choose(way: Way): void {
    this.way = way;
    if (way === 'even') this.follow();
    else this.groups = this.groups.map(() => []);
  }

  move(person: string, to: number | null): void {
    this.groups = moved(this.groups, person, to);
  }

  /** People come and go while the plan is made. */
  follow(): void {
    const next = reconciled(this.groups, this.#people().flat(), this.way === 'even');
    if (JSON.stringify(next) !== JSON.stringify(this.groups)) this.groups = next;
  }

  /** Pages by group, or null when every group fills in all of them. */
  dealt(pages: number): number[][] | null {
    return this.byPages && pages > 0 ? dealPages(pages, this.count) : null;
  }

  /** What the server is asked for. `pages`: how many pages the board has, 0 for none. */
  asked(pages: number): GroupPlan[] {
    const dealt = this.dealt(pages);
    return this.groups.map((people, index) => {
      const own = dealt?.[index];
      return { name: this.nameOf(index), people, ...(own && { pages: own }) };
    });
  }

  nameOf(index: number): string {
    return oneLine(this.names[index] ?? '') || this.#defaultName(index);
  }

  #setCount(count: number): void {
    this.groups = Array.from({ length: count }, (_, index) => this.groups[index] ?? []);
    this.names = Array.from({ length: count }, (_, index) => this.names[index] ?? '');
  }
}
