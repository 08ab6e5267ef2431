/** Pictures and files that are dropped or pasted: there is no place for them, and they replace no page. */
import { t } from '../i18n/i18n';
import { toasts } from './toasts.svelte';

export function refuseFiles(window: Window): void {
  window.addEventListener('dragover', (event) => {
    if (!isTaken(event)) event.preventDefault(); // or the drop is the browser's, and opens the file
  });
  window.addEventListener('drop', (event) => {
    if (isTaken(event)) return;
    event.preventDefault();
    if (hasFiles(event.dataTransfer)) tell();
  });
  window.addEventListener('paste', (event) => {
    const { clipboardData } = event;
    if (!hasFiles(clipboardData) || clipboardData?.getData('text/plain')) return;
    event.preventDefault();
    tell();
  });
}

/** A field for files takes files, and one for text takes text. */
function isTaken({ target, dataTransfer }: DragEvent): boolean {
  if (!(target instanceof Element)) return false;
  const field = hasFiles(dataTransfer) ? 'input[type="file"]' : 'input, textarea';
  return target.closest(field) !== null;
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') ?? false;
}

function tell(): void {
  toasts.show(t('app.no-files'), { topic: 'files' });
}
