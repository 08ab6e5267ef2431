/** What was written and would be lost with its field or note: where it is, and how it is offered. */
import { copyText } from '../browser/copy';
import { t } from '../i18n/i18n';
import type { ToastAction } from '../browser/toasts.svelte';

/** What stands in the field of an answer or experiment where the hands are. */
export function writtenTogether(): string {
  const field = document.activeElement;
  return field instanceof HTMLTextAreaElement && 'together' in field.dataset ? field.value : '';
}

export function copying(text: string): ToastAction {
  return { label: t('aside.copy'), run: () => void copyText(text) };
}
