import { announce } from '../browser/announce.svelte';
import { toasts } from '../browser/toasts.svelte';
import { listOf, t } from '../i18n/i18n';
import { mayDo, VERBS, type Verb } from '../workshop/rights';
import type { BoardRights } from '../workshop/desk';
import type { Worked } from './worked';

type Changeable = Pick<Worked, 'mayWrite' | 'reason'>;
/** Whose rights are asked for. */
type Bound = Pick<Worked, 'mayWrite' | 'bounds' | 'own' | 'store' | 'me'>;

/** Whether the board may be changed here and now; to a key that does nothing it says why. */
export function mayChange({ mayWrite, reason }: Changeable): boolean {
  if (!mayWrite && reason) announce(t(READ_ONLY[reason]));
  return mayWrite;
}

const READ_ONLY = {
  observer: 'board.read-only.observer',
  locked: 'board.read-only.locked-waits',
  closed: 'board.read-only.closed',
} as const;

/** Whether it may be done with these notes. */
export function may(session: Bound, verb: Verb, ids: readonly string[]): boolean {
  const { mayWrite, bounds, store, me } = session;
  const authors = () => ids.map((id) => store.notes.get(id)?.author ?? null);
  return mayWrite && (bounds[verb] === 'all' || mayDo(bounds, verb, authors(), me.id));
}

/** Themes, and the order of a zone, are everybody's. */
export function mayArrange({ mayWrite, bounds }: Bound): boolean {
  return mayWrite && bounds.move === 'all';
}

/** Whether so many more notes may be made. */
export function mayAdd({ mayWrite, bounds, own }: Bound, count = 1): boolean {
  return mayWrite && bounds.add && (bounds.most === null || own + count <= bounds.most);
}

/** The same of what somebody tries: they are told why it does not happen. */
export function mayTry(session: Bound, verb: Verb, ids: readonly string[]): boolean {
  return told(session, verb, may(session, verb, ids));
}

export function mayTryArranging(session: Bound): boolean {
  return told(session, 'arrange', mayArrange(session));
}

export function mayTryAdding(session: Bound, count: number): boolean {
  return told(session, 'add', mayAdd(session, count));
}

function told({ mayWrite, bounds }: Bound, what: Verb | 'add' | 'arrange', fine: boolean): boolean {
  if (!fine && mayWrite) toasts.show(whyNot(bounds, what), { topic: 'bounds' });
  return fine;
}

/** Why what is not allowed is not. */
export function whyNot(bounds: BoardRights, what: Verb | 'add' | 'arrange'): string {
  if (what === 'arrange') return t('bounds.no-arranging');
  if (what === 'add') {
    const { add, most } = bounds;
    return add && most !== null ? t('bounds.most-reached', { n: most }) : t('bounds.no-adding');
  }
  const scope = bounds[what] === 'own' ? 'own' : 'none';
  return t(`bounds.${scope}`, { what: t(`bounds.${what}`) });
}

/** Which of these one may not do with all or any notes here, in sentences. */
export function limitsInWords(bounds: BoardRights, verbs: readonly Verb[] = VERBS): string {
  return (['own', 'none'] as const)
    .flatMap((scope) => {
      const bound = verbs.filter((verb) => bounds[verb] === scope);
      const what = listOf(bound.map((verb) => t(`bounds.${verb}`)));
      return bound.length > 0 ? [t(`bounds.${scope}`, { what })] : [];
    })
    .join(' ');
}

/** All of it: also whether one may add notes; "" where nothing is bound. */
export function boundsInWords(bounds: BoardRights): string {
  const { add, most } = bounds;
  const adding = add ? most !== null && t('bounds.at-most', { n: most }) : t('bounds.no-adding');
  return [adding, limitsInWords(bounds)].filter(Boolean).join(' ');
}
