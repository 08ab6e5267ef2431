/** Items of any board in words, for links, evidence and traces. */
import * as Y from 'yjs';
import { endKey, type End, type FocusRequest } from '../../document/links';
import type { Neighbours } from '../../replica/neighbours.svelte';
import type { NoteColor } from '../../document/schema';
import type { Replica } from '../../replica/replica.svelte';
import type { GroupMark } from '../../workshop/workshop';
import { inMyLanguage, t } from '../../i18n/i18n';
import { firstWords } from '../common/labels';

export interface Described {
  readonly key: string;
  readonly end: End;
  /** What gets the keyboard's focus when one goes there, where it is not the end itself. */
  readonly call?: FocusRequest;
  /** Its own words, shortened to one line; `text` has them all. */
  readonly words: string;
  readonly text: string;
  /** Title of its board, and where on it. */
  readonly board: string;
  readonly place: string;
  readonly group: GroupMark | null;
  readonly color: NoteColor | null;
  /** Opening: its board is not here yet. */
  readonly state: 'there' | 'gone' | 'opening';
}

type Shown = Partial<Pick<Described, 'words' | 'text' | 'place' | 'group' | 'color'>>;

export function describe(end: End, neighbours: Neighbours): Described {
  const session = neighbours.session(end.board);
  const found = session && TELLERS[end.kind](session, end.id);
  const opening = !session?.loaded && !found;
  const words = t(opening ? 'links.opening' : 'links.gone');
  return {
    key: endKey(end),
    end,
    words,
    text: words,
    board: neighbours.title(end.board),
    place: '',
    group: null,
    color: null,
    state: opening ? 'opening' : found ? 'there' : 'gone',
    ...found,
  };
}

const TELLERS: Record<End['kind'], (session: Replica, id: string) => Shown | null> = {
  note: tellNote,
  row: tellRow,
  answer: tellAnswer,
  experiment: tellExperiment,
};

function tellNote(session: Replica, id: string): Shown | null {
  // Items come and go without a signal of their own: the board's last change is one.
  void session.state.lastChange;
  const item = session.state.item(id);
  if (!item) return null;
  const { note } = item;
  const zone = session.state.zoneOf(id);
  return {
    words: firstWords(note),
    text: note.text.trim() || t('note.empty'),
    place: zone ? inMyLanguage(zone.spec.title) : '',
    group: note.group === null ? null : (session.groups()[note.group] ?? null),
    color: note.color,
  };
}

function tellRow(session: Replica, id: string): Shown | null {
  const row = session.view.rows?.find((one) => one.id === id);
  const words = row && inMyLanguage(row.title);
  return words === undefined ? null : { words, text: words, place: t('links.row') };
}

function tellAnswer(session: Replica, key: string): Shown | null {
  const [id, group] = key.split('/');
  const question = session.view.questions?.find((one) => one.id === id);
  if (!question) return null;
  const words = inMyLanguage(question.text);
  const mark = group === undefined ? null : (session.groups()[group] ?? null);
  return { words, text: words, group: mark };
}

function tellExperiment(session: Replica, id: string): Shown | null {
  const map = session.doc.getMap('experiments').get(id);
  if (!(map instanceof Y.Map) || map.get('del') === true) return null;
  const text = titleOf(map);
  const words = text === '' ? t('links.experiment') : text;
  return { words, text: words, place: t('links.experiment') };
}

/** What is tried: the first of the fields that says something. */
function titleOf(experiment: Y.Map<unknown>): string {
  const texts = ['what', ...[...experiment.keys()].sort()].map((key) => experiment.get(key));
  const answer = texts.find((text) => text instanceof Y.Text && text.toString().trim() !== '');
  return answer instanceof Y.Text ? answer.toString().trim().replace(/\s+/g, ' ') : '';
}
