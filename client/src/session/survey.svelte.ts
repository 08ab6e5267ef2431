/** One form of a survey at one screen: the unfinished answer, and the rounds as the server tells them. */
import { untrack } from 'svelte';
import type { BoardSession } from './session.svelte';
import {
  answeredIn,
  EMPTY_DRAFT,
  readDraft,
  type Draft,
  type Rating,
  type Round,
  type SurveyForm,
  type Whom,
} from '../workshop/survey';
import { announce } from '../browser/announce.svelte';
import { api, type NewRoundPeople } from '../api/api';
import { sentenceOf, type Sentence } from '../api/errors';
import { t } from '../i18n/i18n';
import { reached } from '../api/reached.svelte';
import { unsent } from '../api/unsent.svelte';

/** How often the number of answers is asked for while a round is open. */
const LOOK_MS = 4_000;
const UNSENT = 'survey';

/** One person's unfinished answer to one form, with the rounds of that form. */
export class SurveyState {
  readonly form: SurveyForm;
  rounds = $state.raw<readonly Round[]>([]);
  loaded = $state(false);
  busy = $state(false);
  problem = $state.raw<Sentence | null>(null);
  /** An answer could not be sent; it goes as soon as the server is heard again. */
  waiting = $state(false);
  draft = $state.raw<Draft>(EMPTY_DRAFT);

  readonly #session: BoardSession;
  readonly #workshop: string;
  readonly #key: string;

  constructor(session: BoardSession, form: SurveyForm) {
    this.#session = session;
    this.form = form;
    this.#workshop = session.survey?.workshop ?? '';
    this.#key = `hahmo_survey_${this.#workshop}_${form.id}_${session.me.id}`;
    this.draft = readDraft(kept(this.#key), form);
  }

  /** The round that can be answered now. */
  readonly open = $derived.by(() => this.rounds.find(({ state }) => state === 'open') ?? null);
  /** Rounds that are over, oldest first. */
  readonly closed = $derived.by(() => this.rounds.filter(({ state }) => state === 'closed'));
  readonly answered = $derived.by(() => answeredIn(this.form, this.draft));

  /** A round was closed before this answer was sent; what is filled in waits for the next one. */
  readonly cutShort = $derived.by(() => {
    const isBegun = this.answered > 0 || this.draft.comment.trim() !== '';
    const isOver = this.open === null && this.closed.length > 0;
    return isBegun && isOver && this.form.audience === 'team' && this.mayAnswer;
  });

  get leads(): boolean {
    return this.#session.me.role === 'facilitator';
  }

  get mayAnswer(): boolean {
    return this.#session.me.role !== 'observer';
  }

  /** Names of those of them who are still here. */
  names(people: readonly string[]): { id: string; name: string }[] {
    const known = this.#session.people();
    return people.flatMap((id) => (known[id] ? [{ id, name: known[id].name }] : []));
  }

  /** Keep the rounds in step with the desk. Called while mounting. */
  follow(): void {
    const mark = $derived(this.#session.survey?.rounds()[this.form.id]);
    let before = untrack(() => mark?.state);
    $effect(() => {
      if (mark && mark.state !== before) announce(t(`survey.now-${mark.state}`));
      before = mark?.state;
    });
    $effect(() => {
      void reached.times;
      untrack(() => this.waiting && void this.send());
    });
    $effect(() => () => this.#await(false));
    $effect(() => {
      if (this.cutShort) announce(t('survey.cut-short'));
    });
    $effect(() => {
      void [mark?.round, mark?.state];
      untrack(() => void this.look());
      const live = mark?.state === 'open';
      const looking = setInterval(() => {
        if (!document.hidden && (live || !this.loaded)) void this.look();
      }, LOOK_MS);
      return () => clearInterval(looking);
    });
  }

  /** Ask the server; an outage is told by the page, and the next look makes up for it. */
  async look(): Promise<void> {
    try {
      this.rounds = await api.rounds(this.#workshop, this.form.id);
      this.loaded = true;
    } catch {
      // What is shown stays.
    }
  }

  rate(statement: string, rating: Rating): void {
    this.#keep({ ...this.draft, ratings: { ...this.draft.ratings, [statement]: rating } });
  }

  comment(words: string): void {
    this.#keep({ ...this.draft, comment: words });
  }

  clear(): void {
    this.#keep(EMPTY_DRAFT);
  }

  /** Send the answer. What was filled in is forgotten here, but for one's own picture of oneself. */
  async send(): Promise<boolean> {
    const sent = await this.#act(() => api.answerForm(this.#workshop, this.form.id, this.draft));
    if (sent && this.form.audience === 'team') this.clear();
    if (sent) announce(t('survey.sent'));
    this.#await(!sent && this.problem?.code === 'unreachable');
    return sent;
  }

  #await(waiting: boolean): void {
    this.waiting = waiting;
    unsent.tell(UNSENT, waiting ? 1 : 0);
  }

  /** Whom a round would ask that is opened now; null when that could not be found out. */
  async whom(): Promise<Whom | null> {
    let found: Whom | null = null;
    await this.#act(async () => (found = await api.whomToAsk(this.#workshop)));
    return found;
  }

  openRound(who: NewRoundPeople = {}): Promise<boolean> {
    return this.#act(() => api.openRound(this.#workshop, this.form.id, who));
  }

  changeAsked(who: { also: readonly string[]; without: readonly string[] }): Promise<boolean> {
    return this.#act(() => api.changeAsked(this.#workshop, this.form.id, who.also, who.without));
  }

  closeRound(): Promise<boolean> {
    return this.#act(() => api.closeRound(this.#workshop, this.form.id));
  }

  async #act(call: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await call();
      return true;
    } catch (error) {
      this.problem = sentenceOf(error);
      return false;
    } finally {
      await this.look();
      this.busy = false;
    }
  }

  #keep(draft: Draft): void {
    this.draft = draft;
    try {
      if (draft === EMPTY_DRAFT) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify(draft));
    } catch {
      // Storage may be forbidden or full: the answer lasts as long as the page.
    }
  }
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
