import { announce } from './announce.svelte';
import { toClipboard } from './clipboard';
import { t } from '../i18n/i18n.svelte';
import { toasts } from './toasts.svelte';

/** Copy a text and say so; true when it worked. */
export async function copyText(text: string): Promise<boolean> {
  const copied = await toClipboard(text);
  if (copied) toasts.show(t('app.copied'));
  else toasts.show(t('app.copy_failed', { text }), { seconds: Infinity });
  return copied;
}

/** The same where the button itself shows how it went: only screen readers are told here. */
export async function copyQuietly(text: string): Promise<boolean> {
  const copied = await toClipboard(text);
  announce(t(copied ? 'app.copied' : 'app.copy_by_hand'));
  return copied;
}
