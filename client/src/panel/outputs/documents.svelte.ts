import { ApiProblem, fetchFile } from '../../api/api';
import { leadApi } from '../../api/lead-api';
import { exportFileUrl } from '../../api/files';
import { sentence, sentenceOf } from '../../api/errors';
import { save } from '../../api/take-file';
import { announce } from '../../browser/announce.svelte';
import { toasts } from '../../browser/toasts.svelte';
import { t } from '../../i18n/i18n';
import type { Export, NewExport } from '../../workshop/api-types';

type Milliseconds = number;

/** A short document is there before one has looked away, a long one needs no more than this. */
const FIRST_LOOK: Milliseconds = 250;
const LONGEST_PAUSE: Milliseconds = 1_500;
const SLOWER = 1.4;
/** Signed out, or the workshop is gone; anything else passes. */
const FOR_GOOD: readonly number[] = [401, 403, 404, 410];

/** What a document is called: of which board, stage or whole, and in which format. */
export type Naming = (job: Export) => string;

/** Documents that the server makes for this person; what was asked for here is saved when it is there. */
export class Documents {
  all = $state.raw<readonly Export[]>([]);
  readonly #workshop: string;
  readonly #nameOf: Naming;
  /** Asked for on this page, and not saved yet. */
  readonly #wanted = new Set<string>();
  readonly #dropped = new Set<string>();
  /** What the server says was so when it was asked: counts what has become different since. */
  #changes = 0;
  #pause = FIRST_LOOK;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(workshop: string, nameOf: Naming) {
    this.#workshop = workshop;
    this.#nameOf = nameOf;
  }

  /** Find again what was asked for before, also before a reload. */
  async look(): Promise<void> {
    clearTimeout(this.#next);
    const asked = ++this.#changes;
    const found = await leadApi.exports(this.#workshop).catch((error: unknown) => {
      if (!(error instanceof ApiProblem && FOR_GOOD.includes(error.status))) return null;
      this.#wanted.clear();
      return [];
    });
    if (asked !== this.#changes) return; // whoever changed it looks again
    if (found) this.#show(found.filter(({ id }) => !this.#dropped.has(id)));
    this.#lookAgain();
  }

  #show(found: readonly Export[]): void {
    const before = new Map(this.all.map((job) => [job.id, job]));
    this.all = found;
    for (const job of found) this.#follow(job, before.get(job.id));
    this.#miss(found);
  }

  async take(wanted: NewExport): Promise<void> {
    try {
      const job = await leadApi.askExport(this.#workshop, wanted);
      this.#wanted.add(job.id);
      this.#changes++;
      this.all = [...this.all.filter(({ id }) => id !== job.id), job]; // a look was quicker
      announce(t('take.begun', { name: this.#nameOf(job) }));
      this.#pause = FIRST_LOOK;
      this.#lookAgain();
    } catch (error) {
      tell(error);
    }
  }

  /** It is not wanted any more, made or not. */
  async drop(job: Export): Promise<void> {
    this.#changes++;
    this.#wanted.delete(job.id);
    this.#dropped.add(job.id);
    this.all = this.all.filter(({ id }) => id !== job.id);
    this.#lookAgain();
    announce(t(isOnItsWay(job) ? 'take.cancelled' : 'take.removed', { name: this.#nameOf(job) }));
    await leadApi.dropExport(job.id).catch(() => undefined); // it goes by itself
  }

  async save(job: Export): Promise<void> {
    try {
      save(await fetchFile(exportFileUrl(job.id)));
    } catch (error) {
      tell(error);
      await this.look();
    }
  }

  #lookAgain(): void {
    clearTimeout(this.#next);
    if (!this.all.some(isOnItsWay)) return;
    this.#next = setTimeout(() => void this.look(), this.#pause);
    this.#pause = Math.min(this.#pause * SLOWER, LONGEST_PAUSE);
  }

  /** The server was started anew, or somebody was deleted: what was asked for has to be asked again. */
  #miss(found: readonly Export[]): void {
    const gone = [...this.#wanted].filter((id) => !found.some((job) => job.id === id));
    for (const id of gone) this.#wanted.delete(id);
    const { title, detail } = sentence('export-gone');
    if (gone.length > 0) toasts.problem(`${title}. ${detail}`);
  }

  #follow(job: Export, before: Export | undefined): void {
    if (isOnItsWay(job) || (before && !isOnItsWay(before))) return;
    if (!this.#wanted.delete(job.id) && !before) return;
    if (job.state === 'done') {
      toasts.show(t('take.done', { name: this.#nameOf(job) }));
      void this.save(job);
    } else if (job.problem) {
      toasts.problem(`${job.problem.title}. ${job.problem.detail}`);
    }
  }
}

const kept = new WeakMap<object, Documents>();

/** Those of one workshop's desk: they go on while another sheet is shown. */
export function documentsOf(desk: { readonly workshop: string }, nameOf: Naming): Documents {
  const found = kept.get(desk) ?? new Documents(desk.workshop, nameOf);
  kept.set(desk, found);
  return found;
}

export function isOnItsWay({ state }: Export): boolean {
  return state === 'waiting' || state === 'working';
}

function tell(error: unknown): void {
  const { title, detail } = sentenceOf(error);
  toasts.problem(`${title}. ${detail}`);
}
