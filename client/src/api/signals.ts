/** Calls that show a hand, or that one is ready; they raise as every call does. */
import { send } from './api';

export type Signal = 'hand' | 'ready';

const OF_PERSON = '/api/workshops/{workshop}/people/{person}/signals';

export const signals = {
  /** One's own; who leads takes back anybody's. */
  show: (workshop: string, person: string, signal: Signal, shown: boolean) =>
    send('PATCH', OF_PERSON, { workshop, person }, { body: { [signal]: shown } }),
  /** Of everybody. */
  clear: (workshop: string, signal: Signal) =>
    send('POST', '/api/workshops/{workshop}/signals/clear', { workshop }, { body: { signal } }),
};
