/** A text to the clipboard, also where pages are served over plain http; says whether it arrived. */
export async function toClipboard(text: string): Promise<boolean> {
  // First what needs no promise: some browsers let a page copy only in the very moment of the click.
  // eslint-disable-next-line no-restricted-properties -- the fallback is in this line
  return navigator.clipboard === undefined ? bySelection(text) : byClipboard(text);
}

async function byClipboard(text: string): Promise<boolean> {
  try {
    // eslint-disable-next-line no-restricted-properties -- asked for above
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return bySelection(text);
  }
}

/** As a person copies: choose the text in a field, and the command for it. */
function bySelection(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.className = 'visually-hidden';
  field.readOnly = true; // or a phone shows its keys
  field.value = text;
  placeForFields().append(field);
  field.focus({ preventScroll: true });
  field.setSelectionRange(0, text.length);
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}

/** Where a field can have the focus: while a dialog is open, nowhere but inside the topmost. */
function placeForFields(): Element {
  const dialogs = document.querySelectorAll('dialog[open]');
  return dialogs[dialogs.length - 1] ?? document.body;
}
