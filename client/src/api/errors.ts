import { ApiProblem, Unreachable } from './api';
import { t, tIfKnown } from '../i18n/i18n.svelte';

/** What a person reads about a failure: what happened to the work, then what to do. */
export interface Sentence {
  code: string;
  title: string;
  detail: string;
}

/** What a close code of api.md means when the close frame names no reason of its own. */
const CLOSE_REASONS: Readonly<Record<number, string>> = {
  4400: 'malformed-message',
  4401: 'token-unknown',
  4403: 'not-allowed',
  4404: 'board-gone',
  4409: 'lineage-mismatch',
  4413: 'closed-4413',
  4422: 'refused-update',
  4429: 'closed-4429',
};

/** Words for anything a call may throw, in the reader's language. */
export function sentenceOf(error: unknown): Sentence {
  if (error instanceof Unreachable) return sentence('unreachable');
  if (!(error instanceof ApiProblem)) return sentence('unexpected');
  const { code, title, detail } = error.problem;
  return sentence(code, title, detail);
}

/** Words for a WebSocket that was closed for good (44xx); `reason` is the slug of the close frame. */
export function sentenceOfClose(code: number, reason = ''): Sentence {
  const usable = inCatalogue(`error.${reason}.detail`) !== null;
  return sentence(usable ? reason : (CLOSE_REASONS[code] ?? 'unexpected'));
}

/**
 * Words for a code. The catalogue comes first, since it follows the language switch; where its
 * sentence has a placeholder only the server knows the value of, the server's own sentence stands.
 */
export function sentence(code: string, title = '', detail = ''): Sentence {
  return {
    code,
    title: (inCatalogue(`error.${code}.title`) ?? title) || t('error.unexpected.title'),
    detail: (inCatalogue(`error.${code}.detail`) ?? detail) || t('error.unexpected.detail'),
  };
}

function inCatalogue(key: string): string | null {
  const text = tIfKnown(key);
  return text === null || /\{\w+\}/.test(text) ? null : text;
}
