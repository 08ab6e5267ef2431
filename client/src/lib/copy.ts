import { announce } from './announce.svelte';
import { t } from './i18n.svelte';
import { toasts } from './toasts.svelte';

/** Copy a text and say so; true when it worked. */
export async function copyText(text: string, quiet = false): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Over plain http browsers give pages no clipboard: show the text, to be selected by hand.
    toasts.show(t('app.copy_failed', { text }), { seconds: Infinity });
    return false;
  }
  if (quiet) announce(t('app.copied'));
  else toasts.show(t('app.copied'));
  return true;
}
