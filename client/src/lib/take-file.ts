import { askForFile } from './api';
import { sentenceOf } from './errors';
import { toasts } from './toasts.svelte';

/** Load a file onto this device. It is asked for first: a link alone would fail without a word. */
export async function takeFile(url: string): Promise<void> {
  try {
    await askForFile(url);
    location.assign(url); // comes as a file, so the page stays
  } catch (error) {
    toasts.problem(sentenceOf(error).detail);
  }
}
