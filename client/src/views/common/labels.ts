/** How notes are called where they cannot be seen. */
import type { NoteItem } from '../../replica/board.svelte';
import type { Note, Theme } from '../../document/schema';
import { themeName } from '../../session/theming.svelte';
import { groupLetter, type GroupMark } from '../../workshop/workshop';
import { t } from '../../i18n/i18n';

const FIRST_WORDS = 40;

/** Text, colour, theme, group and links: what the eye sees of a note, as one name. */
export function noteLabel(
  note: Note,
  group: GroupMark | null,
  links = 0,
  theme: Theme | null = null,
): string {
  const parts = [note.text.trim() || t('note.empty'), t(`note.color.${note.color}`)];
  if (theme) parts.push(t('theme.of-note', { name: themeName(theme) }));
  if (group) parts.push(groupName(group));
  if (note.carried) parts.push(t('note.carried'));
  if (links > 0) parts.push(t('links.count', { n: links }));
  return parts.join(', ');
}

/** What a button says, and of which of the things on the page. */
export function named(label: string, of: string): string {
  return t('app.named', { label, of });
}

export function groupName(group: GroupMark): string {
  return t('note.group', { letter: groupLetter(group.index), name: group.name });
}

/** Who writes or carries it now; nothing while nobody does. */
export function holderInWords({ holder }: NoteItem): string[] {
  if (!holder) return [];
  const key = holder.doing === 'edit' ? 'note.written-by' : 'note.held-by';
  return [t(key, { name: holder.name })];
}

/** The beginning of a note, to tell its buttons from those of the others. */
export function firstWords(note: Pick<Note, 'text'>): string {
  const text = note.text.trim().replace(/\s+/g, ' ');
  if (text === '') return t('note.empty');
  return text.length <= FIRST_WORDS ? text : `${text.slice(0, FIRST_WORDS).trimEnd()}…`;
}
