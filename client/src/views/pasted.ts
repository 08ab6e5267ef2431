/** What comes of a paste: notes, and the offer to have it otherwise. */
import { announce } from '../browser/announce.svelte';
import { toasts } from '../browser/toasts.svelte';
import { notesIn, notesInHtml, readCopied, type PastedNote } from '../document/pasting';
import type { NoteColor } from '../document/schema';
import { t } from '../i18n/i18n';
import type { ZoneState } from '../replica/board.svelte';
import { mayChange } from '../session/may-change';
import type { BoardSession } from '../session/session.svelte';
import { tellCut } from '../text/limited';
import { FIELD_LIMITS } from '../text/limits';

/** What a clipboard holds, as texts; '' of what it does not. */
export interface Clipboard {
  readonly copied: string;
  readonly html: string;
  readonly plain: string;
}

/** The notes that it is; what is too long for one is told. */
export function notesOf({ copied, html, plain }: Clipboard): readonly PastedNote[] {
  const own = readCopied(copied);
  if (own.length > 0) return own;
  const rich = notesInHtml(html);
  const { notes, rest } = rich.notes.length > 0 ? rich : notesIn(plain);
  if (rest !== '') tellCut(document.body, { most: FIELD_LIMITS.note, rest });
  return notes.map((text) => ({ text }));
}

/** Notes that flow below those that stand in the zone; the first gets the focus. */
export function paste(session: BoardSession, zone: ZoneState, notes: readonly PastedNote[]): void {
  const made = make(session, zone, notes);
  const whole = notes.map(({ text }) => text).join('\n');
  const said = t('note.pasted', { n: made.length });
  if (made.length < 2 || whole.length > FIELD_LIMITS.note) return announce(said);
  const color = notes[0]?.color;
  const { notes: now } = session.store;
  // What somebody has gone on writing is not made one of.
  const isAsPasted = () => made.every((id, at) => now.get(id)?.text === notes[at]?.text);
  offer(session, said, t('note.paste-one'), isAsPasted, () => {
    make(session, zone, [{ text: whole, ...(color && { color }) }], made);
    announce(t('note.paste-joined'));
  });
}

/** Many lines were pasted into a note that was empty: they may become a note each. */
export function offerEach(session: BoardSession, id: string): void {
  session.store.flush();
  const item = session.state.item(id);
  const { length } = notesIn(item?.note.text ?? '').notes;
  if (!item || length < 2) return;
  const action = t('note.paste-each', { n: length });
  const stands = () => session.store.notes.has(id);
  offer(session, t('note.paste-lines', { n: length }), action, stands, () => {
    session.workspace.endEdit();
    const zone = session.state.zoneOf(id);
    const { text, color } = item.note;
    if (!zone) return;
    const made = make(session, zone, each(text, color), [id]);
    announce(t('note.pasted', { n: made.length }));
  });
}

function each(text: string, color: NoteColor): PastedNote[] {
  return notesIn(text).notes.map((line) => ({ text: line, color }));
}

function make(
  session: BoardSession,
  zone: ZoneState,
  notes: readonly PastedNote[],
  gone: readonly string[] = [],
): string[] {
  const { workspace, edits, store } = session;
  if (!mayChange(session) || !workspace.hasRoom(notes.length)) return [];
  const made = edits.addNotes(
    notes.map((note) => ({ color: workspace.color, ...note, zone: zone.spec.id })),
    [],
    gone,
  );
  store.flush();
  workspace.select(made);
  const [id] = made;
  workspace.focusRequest = id === undefined ? null : { kind: 'note', id };
  return made;
}

/** For as long as it can be done. */
function offer(
  session: BoardSession,
  text: string,
  label: string,
  stands: () => boolean,
  run: () => void,
): void {
  const toast = toasts.show(text, { action: { label, run: take }, topic: 'pasted' });
  const stop = session.store.subscribe(() => {
    if (!stands()) withdraw();
  });
  function withdraw(): void {
    stop();
    toasts.close(toast);
  }
  function take(): void {
    withdraw();
    run();
  }
}
