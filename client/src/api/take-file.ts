import { fetchFile, type TakenFile } from './api';
import { sentenceOf } from './errors';
import { t } from '../i18n/i18n';
import { isInApp } from '../browser/in-app';
import { toasts } from '../browser/toasts.svelte';

const SLOW_MS = 800; // a file that takes longer than this to be made is said to be on its way
const KEPT_MS = 60_000;
const TOPIC = 'file';

/** Load a file onto this device. A link alone would fail without a word. */
export async function takeFile(url: string): Promise<void> {
  const slow = setTimeout(() => toasts.show(t('app.file_coming'), { topic: TOPIC }), SLOW_MS);
  try {
    save(await fetchFile(url));
    toasts.forget(TOPIC);
    if (isInApp()) toasts.show(t('app.file_in_app'), { topic: TOPIC });
  } catch (error) {
    const { title, detail } = sentenceOf(error);
    toasts.show(`${title}. ${detail}`, { kind: 'problem', topic: TOPIC });
  } finally {
    clearTimeout(slow);
  }
}

/** A link to a file was pressed; with a modifier key it is the browser's. */
export function takeLinked(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  void takeFile(event.currentTarget.href);
}

/** Hand it to the browser, which keeps it where it keeps what is loaded. */
export function save({ name, content }: TakenFile): void {
  const address = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
