/** An attachment: a field that writes a shared text, grows with it, and begins at its end. */
import type * as Y from 'yjs';
import type { BoardSession } from '../../session/session.svelte';
import { TextBinding } from '../../document/text-binding';

export function bindText(
  { doc, undo }: BoardSession,
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
      steps: undo,
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
