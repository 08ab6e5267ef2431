/** An attachment: a field that writes a shared text, grows with it, and begins at its end. */
import type * as Y from 'yjs';
import type { BoardSession } from '../core/session.svelte';
import { TextBinding } from '../core/text-binding';

export function bindText(
  { doc, workspace }: BoardSession,
  find: () => Y.Text | null,
  limit: number,
  line = false,
) {
  return (field: HTMLTextAreaElement): (() => void) => {
    const binding = new TextBinding({
      field,
      doc,
      find,
      limit,
      line,
      undo: () => workspace.undo(),
      redo: () => workspace.redo(),
    });
    const grow = () => {
      field.style.blockSize = 'auto';
      field.style.blockSize = `${field.scrollHeight}px`;
    };
    field.addEventListener('bound', grow);
    field.addEventListener('input', grow);
    grow();
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.value.length, field.value.length);
    return () => binding.destroy();
  };
}

/** Undo and redo in a field that writes a shared text; false for every other key. */
export function undoKey(event: KeyboardEvent, { workspace }: BoardSession): boolean {
  if (!event.ctrlKey && !event.metaKey) return false;
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) workspace.undo();
  else if (key === 'y' || key === 'z') workspace.redo();
  else return false;
  return true;
}
