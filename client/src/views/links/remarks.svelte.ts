/** What people wrote freely in assessments, to be found: of rounds that are over, as the server tells them. */
import { api } from '../../api/api';
import { inMyLanguage, t } from '../../i18n/i18n';
import type { Neighbours } from '../../replica/neighbours.svelte';
import type { SurveyForm } from '../../workshop/survey';
import { firstWords } from '../common/labels';
import type { Described } from './describe';

interface Remark {
  readonly board: string;
  readonly form: SurveyForm;
  readonly round: number;
  /** Among those of its round. */
  readonly at: number;
  readonly text: string;
}

/** Remarks on boards that one looks through. */
export class Remarks {
  #all = $state.raw<readonly Remark[]>([]);

  /** Ask for them, and anew when a round has ended. Called while mounting. */
  follow(boards: () => readonly string[], neighbours: () => Neighbours): void {
    $effect(() => {
      let left = false;
      const asked = boards().flatMap((board) => remarksOn(board, neighbours()));
      // Without an answer there are none to be found; the page tells of the outage.
      Promise.all(asked).then(
        (found) => {
          if (!left) this.#all = found.flat();
        },
        () => undefined,
      );
      return () => (left = true);
    });
  }

  on(board: string, neighbours: Neighbours): Described[] {
    return this.#all.filter((remark) => remark.board === board).map((one) => tell(one, neighbours));
  }
}

/** A remark's name on its board. */
export function remarkId(form: string, round: number, at: number): string {
  return `${form}/${round}/${at}`;
}

function remarksOn(board: string, neighbours: Neighbours): Promise<Remark[]>[] {
  const session = neighbours.session(board);
  const source = session?.survey;
  if (session?.view.kind !== 'survey' || !source) return [];
  const over = source.rounds();
  const forms = (session.view.forms ?? []).filter(({ id }) => over[id] !== undefined);
  return forms.map(async (form) => {
    const rounds = await api.rounds(source.workshop, form.id);
    return rounds.flatMap(({ round, comments }) =>
      comments.map((text, at): Remark => ({ board, form, round, at, text })),
    );
  });
}

function tell({ board, form, round, at, text }: Remark, neighbours: Neighbours): Described {
  const call = { kind: 'remark', id: remarkId(form.id, round, at) } as const;
  return {
    key: `${board}#${call.kind}/${call.id}`,
    end: { board, kind: 'answer', id: form.id },
    call,
    words: firstWords({ text }),
    text,
    board: neighbours.title(board),
    place: `${inMyLanguage(form.title)}, ${t('survey.round', { n: round })}`,
    group: null,
    color: null,
    state: 'there',
  };
}
