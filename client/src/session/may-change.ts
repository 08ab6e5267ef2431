import { announce } from '../browser/announce.svelte';
import { toasts } from '../browser/toasts.svelte';
import { inMyLanguage, listOf, t } from '../i18n/i18n';
import { mayDo, VERBS, type Verb } from '../workshop/rights';
import type { BoardRights } from '../workshop/desk';
import type { Placement } from '../document/writer';
import { pinsOf, type ZoneState } from '../replica/board.svelte';
import type { Worked } from './worked';

type Changeable = Pick<Worked, 'mayWrite' | 'reason'>;
/** Whose rights are asked for. */
type Bound = Pick<Worked, 'mayWrite' | 'bounds' | 'locked' | 'own' | 'store' | 'me'>;
type Lock = 'locked-note' | 'locked-zone';

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

/** What keeps a note as it is; a note is locked by itself, or with its zone. */
export function lockOn(
  { locked, store }: Pick<Bound, 'locked' | 'store'>,
  id: string,
): Lock | null {
  if (locked.notes.includes(id)) return 'locked-note';
  return isLocked({ locked }, store.notes.get(id)?.zone) ? 'locked-zone' : null;
}

/** Whether nothing in a zone may be changed by participants. */
export function isLocked({ locked }: Pick<Bound, 'locked'>, zone: string | undefined): boolean {
  return zone !== undefined && locked.zones.includes(zone);
}

/** Facilitators are not bound by locks either. */
function holds({ me }: Pick<Bound, 'me'>): boolean {
  return me.role !== 'facilitator';
}

function lockAmong(session: Bound, ids: readonly string[]): Lock | null {
  if (!holds(session)) return null;
  return ids.map((id) => lockOn(session, id)).find((lock) => lock !== null) ?? null;
}

/** Whether it may be done with these notes. */
export function may(session: Bound, verb: Verb, ids: readonly string[]): boolean {
  const { mayWrite, bounds, store, me } = session;
  const authors = () => ids.map((id) => store.notes.get(id)?.author ?? null);
  if (!mayWrite || lockAmong(session, ids) !== null) return false;
  return bounds[verb] === 'all' || mayDo(bounds, verb, authors(), me.id);
}

/** Themes, and the order of a zone, are everybody's. */
export function mayArrange(session: Bound, zone?: string): boolean {
  const { mayWrite, bounds } = session;
  return mayWrite && bounds.move === 'all' && !(holds(session) && isLocked(session, zone));
}

/** Whether so many more notes may be made; in a zone, if one is named. */
export function mayAdd(session: Bound, zone?: string, count = 1): boolean {
  const { mayWrite, bounds, own } = session;
  if (!mayWrite || !bounds.add || (holds(session) && isLocked(session, zone))) return false;
  return bounds.most === null || own + count <= bounds.most;
}

/** The same of what somebody tries: they are told why it does not happen. `into`: a zone. */
export function mayTry(session: Bound, verb: Verb, ids: readonly string[], into?: string): boolean {
  const closed = holds(session) && isLocked(session, into) ? 'locked-zone' : null;
  const lock = lockAmong(session, ids) ?? closed;
  return told(session, lock ?? verb, may(session, verb, ids) && lock === null);
}

export function mayTryArranging(session: Bound, ...zones: (string | undefined)[]): boolean {
  const lock = holds(session) && zones.some((zone) => isLocked(session, zone));
  return told(session, lock ? 'locked-zone' : 'arrange', mayArrange(session) && !lock);
}

export function mayTryAdding(session: Bound, count: number, zone?: string): boolean {
  const lock = holds(session) && isLocked(session, zone);
  return told(session, lock ? 'locked-zone' : 'add', mayAdd(session, zone, count));
}

type Tried = Verb | 'add' | 'arrange' | Lock;

function told({ mayWrite, bounds }: Bound, what: Tried, fine: boolean): boolean {
  if (!fine && mayWrite) toasts.show(whyNot(bounds, what), { topic: 'bounds' });
  return fine;
}

/** Why what is not allowed is not. */
function whyNot(bounds: BoardRights, what: Tried): string {
  if (what === 'locked-note' || what === 'locked-zone') return t(`bounds.${what}`);
  if (what === 'arrange') return t('bounds.no-arranging');
  if (what === 'add') {
    const { add, most } = bounds;
    return add && most !== null ? t('bounds.most-reached', { n: most }) : t('bounds.no-adding');
  }
  const scope = bounds[what] === 'own' ? 'own' : 'none';
  return t(`bounds.${scope}`, { what: t(`bounds.${what}`) });
}

/**
 * The places that are written with what is put down among them; see `pinsOf`. Where others' notes may
 * not be moved none makes way, and what is locked never does.
 */
export function pinsIn(session: Bound, zones: Iterable<ZoneState | null>): Placement[] {
  if (!mayArrange(session)) return [];
  const pins = [...new Set(zones)].flatMap((zone) => (zone ? pinsOf(zone) : []));
  return pins.filter(({ id }) => lockAmong(session, [id]) === null);
}

/** What one may not do with these notes, in sentences; "" if all. */
export function boundOn(session: Bound, ids: readonly string[]): string {
  const lock = lockAmong(session, ids);
  if (lock) return t(`bounds.${lock}`);
  return limitsInWords(
    session.bounds,
    VERBS.filter((verb) => !may(session, verb, ids)),
  );
}

/** Which of these one may not do with all or any notes here, in sentences. */
function limitsInWords(bounds: BoardRights, verbs: readonly Verb[] = VERBS): string {
  return (['own', 'none'] as const)
    .flatMap((scope) => {
      const bound = verbs.filter((verb) => bounds[verb] === scope);
      const what = listOf(bound.map((verb) => t(`bounds.${verb}`)));
      return bound.length > 0 ? [t(`bounds.${scope}`, { what })] : [];
    })
    .join(' ');
}

/** What one may not do on this board, in sentences; "" where nothing is bound. */
export function boundsInWords(session: Bound & Pick<Worked, 'state'>): string {
  const { bounds, locked, state } = session;
  const { add, most } = bounds;
  const adding = add ? most !== null && t('bounds.at-most', { n: most }) : t('bounds.no-adding');
  const zones = locked.zones.flatMap((id) => state.zone(id)?.spec.title ?? []);
  const closed =
    holds(session) &&
    zones.length > 0 &&
    t('bounds.zones', { zones: listOf(zones.map(inMyLanguage)) });
  const hidden = bounds.anonymous && t('bounds.anonymous');
  return [hidden, adding, limitsInWords(bounds), closed].filter(Boolean).join(' ');
}
