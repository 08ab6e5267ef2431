/** What did not fit into a field is told, and can be copied to where it fits. */
import { copyText } from '../../browser/copy';
import { t } from '../../i18n/i18n';
import type { CutText } from '../../text/limited';
import { toasts } from '../../browser/toasts.svelte';

const TYPED = 3; // characters: whoever types on at the end of a full field sees it, and loses little

export function tellCutText({ most, rest }: CutText): void {
  const action = { label: t('app.copy_rest'), run: () => void copyText(rest) };
  const offer = rest.length > TYPED ? { action } : {};
  toasts.show(t('app.text_cut', { n: most }), { topic: 'cut', ...offer });
}
