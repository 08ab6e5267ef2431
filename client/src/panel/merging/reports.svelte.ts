import type { Breakout } from '../../workshop/desk';
import { type MergeReport, type ReportNote } from '../../api/api';
import { groupWork } from '../../api/group-work';
import { leadApi } from '../../api/lead-api';
import type { Drafts } from '../../device/drafts';
import type { DeskState } from '../../navigation/desk.svelte';
import { newId } from '../../document/ids';

const NAME = 'reports';
const MOST = 10; // of one round

/** What was decided of a pair of likely duplicates; `before`: themes that the notes were under. */
export type Decision =
  | { readonly how: 'apart' }
  | {
      readonly how: 'together';
      readonly before: readonly [string | null, string | null];
    };

/** What a merge brought, until the facilitator closes it. `at`: ms since 1970. */
export interface KeptReport {
  readonly id: string;
  readonly at: number;
  readonly report: MergeReport;
  /** By the pair's notes, see `keyOf`; reports of earlier versions have none. */
  readonly decided?: Readonly<Record<string, Decision>>;
}
type All = Readonly<Record<string, readonly KeptReport[]>>;

/** Reports of all rounds, newest first; they outlive the panel and the page. */
export class Reports {
  #all = $state.raw<All>({});
  /** Rounds whose end did not bring their work home. */
  #ungathered = $state.raw<ReadonlySet<string>>(new Set());
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
    this.#all = drafts.get<All>(NAME) ?? {};
  }

  of(breakout: string): readonly KeptReport[] {
    return this.#all[breakout] ?? [];
  }

  isUngathered(breakout: string): boolean {
    return this.#ungathered.has(breakout);
  }

  /** Bring home what is new of a round, of all groups or of some. Raises as every call does. */
  async gather({ id }: Breakout, groups?: readonly string[]): Promise<MergeReport> {
    const report = await leadApi.merge(id, groups);
    this.keep(id, report);
    return report;
  }

  /** A round has ended by itself: what that brought home. Raises as every call does. */
  async hear({ id }: Breakout): Promise<void> {
    const gathered = await groupWork.gathered(id);
    if (gathered && !(isEmpty(gathered) && this.of(id).length > 0)) this.keep(id, gathered);
  }

  /** End a round; its work is gathered first. */
  async recall({ id }: Breakout): Promise<unknown> {
    const { gathered } = await leadApi.close(id);
    // "Nothing new" a minute after what did come would only hide it.
    const isNews = gathered && !(isEmpty(gathered) && this.of(id).length > 0);
    if (isNews) this.keep(id, gathered);
    else if (!gathered) this.#ungathered = new Set([...this.#ungathered, id]);
    return gathered ?? {};
  }

  /** One that brought nothing takes the place of one that brought nothing either. */
  keep(breakout: string, report: MergeReport, at = Date.now()): void {
    this.#ungathered = new Set([...this.#ungathered].filter((id) => id !== breakout));
    const [last, ...rest] = this.of(breakout);
    const others = last && isEmpty(last.report) ? rest : this.of(breakout);
    const kept = { id: newId(), at, report: slim(report) };
    this.#set({ ...this.#all, [breakout]: [kept, ...others].slice(0, MOST) });
  }

  /** A pair of a report is decided, or, with null, open again. */
  decide(breakout: string, id: string, pair: string, decision: Decision | null): void {
    const after = this.of(breakout).map((kept) => {
      if (kept.id !== id) return kept;
      const others = Object.entries(kept.decided ?? {}).filter(([key]) => key !== pair);
      const own: [string, Decision][] = decision ? [[pair, decision]] : [];
      return { ...kept, decided: Object.fromEntries([...others, ...own]) };
    });
    this.#set({ ...this.#all, [breakout]: after });
  }

  close(breakout: string, id: string): void {
    const left = this.of(breakout).filter((kept) => kept.id !== id);
    this.#set({ ...this.#all, [breakout]: left });
  }

  #set(all: All): void {
    const held = Object.entries(all).filter(([, kept]) => kept.length > 0);
    this.#all = Object.fromEntries(held);
    if (held.length > 0) this.#drafts.put(NAME, this.#all);
    else this.#drafts.drop(NAME);
  }
}

export function keyOf([one, other]: readonly [ReportNote, ReportNote]): string {
  return `${one.id} ${other.id}`;
}

/** Nothing came, and nothing has to be looked at. */
export function isEmpty(report: MergeReport): boolean {
  return report.snapshot === null;
}

/** What is shown of a report: it has to fit into the browser's storage. */
function slim(report: MergeReport): MergeReport {
  const note = ({ id, text, group }: ReportNote): ReportNote => ({ id, text, group });
  return {
    added: report.added.map(note),
    edited_on_both_sides: report.edited_on_both_sides.map(note),
    kept_deleted: report.kept_deleted.map(note),
    put_back: report.put_back.map(note),
    likely_duplicates: report.likely_duplicates.map(([one, other]) => [note(one), note(other)]),
    snapshot: report.snapshot,
  };
}

const reports = new WeakMap<DeskState, Reports>();

export function reportsOf(desk: DeskState): Reports {
  const found = reports.get(desk) ?? new Reports(desk.drafts);
  reports.set(desk, found);
  return found;
}
