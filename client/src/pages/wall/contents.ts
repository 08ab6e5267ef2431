/** What a wall shows of a board: plain values, cut into leaves that follow each other. */
import { follow } from '../../replica/follow';
import { experimentsOf, readExperiments } from '../../document/experiments';
import { answersOf, answerText, type Note } from '../../document/schema';
import { dayWords, inMyLanguage, t } from '../../i18n/i18n';
import type { ZoneState } from '../../replica/board.svelte';
import type { Replica } from '../../replica/replica.svelte';
import { byDots } from '../../replica/votes.svelte';
import { themeName } from '../../session/theming.svelte';

export interface Card {
  readonly id: string;
  readonly text: string;
  readonly color: Note['color'] | null;
  /** Where its group stands in its breakout; null for none. */
  readonly group: number | null;
  /** Null where nobody is told. */
  readonly dots: number | null;
}

/** Cards under a theme, or under none. */
export interface Part {
  readonly id: string;
  readonly name: string | null;
  readonly cards: readonly Card[];
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly tint: number;
  /** Shown while nothing stands there. */
  readonly prompt: string;
  readonly parts: readonly Part[];
}

export interface Leaf {
  readonly id: string;
  /** Of a grid: the row. */
  readonly title: string | null;
  readonly sections: readonly Section[];
}

/** Never empty but for boards of which nothing is shown, such as surveys. Reactive. */
export function leavesOf(replica: Replica): Leaf[] {
  const { kind } = replica.view;
  if (kind === 'grid') return rowsOf(replica);
  if (kind === 'answers') return [leaf('answers', questionsOf(replica))];
  const zones = replica.state.zones.map((zone) => sectionOf(replica, zone));
  if (kind === 'notes') return [leaf('notes', zones)];
  if (kind !== 'plan') return [];
  const made = experimentsIn(replica);
  const ideas = zones.filter(hasCards);
  return [
    ...(made.length > 0 ? [leaf('experiments', made)] : []),
    ...(ideas.length > 0 || made.length === 0 ? [leaf('ideas', zones)] : []),
  ];
}

/** A row for each leaf: those in which something stands, or all while nothing does. */
function rowsOf(replica: Replica): Leaf[] {
  const all = (replica.view.rows ?? []).map((row) => {
    const zones = replica.state.zones.filter(({ spec }) => spec.id.startsWith(`${row.id}/`));
    const sections = zones.map((zone) => sectionOf(replica, zone));
    return { id: row.id, title: inMyLanguage(row.title), sections };
  });
  const written = all.filter(({ sections }) => sections.some(hasCards));
  return written.length > 0 ? written : all;
}

const leaf = (id: string, sections: readonly Section[]): Leaf => ({ id, title: null, sections });
const hasCards = ({ parts }: Section): boolean => parts.length > 0;

function sectionOf(replica: Replica, { spec, items, themes }: ZoneState): Section {
  const ordered = inOrder(
    replica,
    items.map(({ note }) => note).filter(({ text }) => text.trim() !== ''),
  );
  const known = new Set(themes.map(({ id }) => id));
  const cards = (theme: string | null) =>
    ordered
      .filter(({ theme: own }) => (own !== null && known.has(own) ? own : null) === theme)
      .map((note) => cardOf(replica, note));
  const rest = { id: '', name: themes.length > 0 ? t('list.other-notes') : null };
  const parts = [
    ...themes.map(({ id, theme }) => ({ id, name: themeName(theme), cards: cards(id) })),
    { ...rest, cards: cards(null) },
  ];
  return {
    id: spec.id,
    title: inMyLanguage(spec.cell?.column ?? spec.title),
    tint: spec.tint,
    prompt: spec.prompt ? inMyLanguage(spec.prompt) : '',
    parts: parts.filter((part) => part.cards.length > 0),
  };
}

/** Once a vote is over and its numbers are seen, what got most comes first. */
function inOrder({ voting, votes }: Replica, notes: readonly Note[]): readonly Note[] {
  const now = voting();
  return now && !now.open && !now.hidden ? byDots(notes, votes.all) : notes;
}

function cardOf({ voting, votes, groups }: Replica, note: Note): Card {
  const now = voting();
  return {
    id: note.id,
    text: note.text,
    color: note.color,
    group: (note.group === null ? undefined : groups()[note.group])?.index ?? null,
    dots: now && !now.hidden ? (votes.all.get(note.id) ?? 0) : null,
  };
}

function questionsOf({ view, doc }: Replica): Section[] {
  follow(answersOf(doc));
  return (view.questions ?? []).map(({ id, text }, index) => {
    const answer = answerText(doc, id)?.toString().trim() ?? '';
    return {
      id,
      title: `${index + 1}. ${inMyLanguage(text)}`,
      tint: 2,
      prompt: t('wall.unanswered'),
      parts: answer === '' ? [] : [plain('', null, [answer])],
    };
  });
}

function experimentsIn({ view, doc }: Replica): Section[] {
  follow(experimentsOf(doc));
  const [first, ...others] = (view.fields ?? []).filter(({ type }) => type === 'text');
  return readExperiments(doc).map(({ id, texts, start, end }, index) => {
    const name = (texts[first?.id ?? ''] ?? '').trim();
    const days = [start, end].filter((day) => day !== null).map(dayWords);
    const fields = others.flatMap((field) => {
      const text = (texts[field.id] ?? '').trim();
      return text === '' ? [] : [plain(field.id, inMyLanguage(field.title), [text])];
    });
    return {
      id,
      title: `${index + 1}. ${name}`,
      tint: 1,
      prompt: '',
      parts: [...(days.length > 0 ? [plain('days', null, [days.join(' – ')])] : []), ...fields],
    };
  });
}

function plain(id: string, name: string | null, texts: readonly string[]): Part {
  const cards = texts.map((text, at) => ({ id: `${id}${at}`, text, color: null }));
  return { id, name, cards: cards.map((card) => ({ ...card, group: null, dots: null })) };
}
