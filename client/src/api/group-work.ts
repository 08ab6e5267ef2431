/** Calls on group work while it goes on; they raise as every call does. */
import { send } from './api';

const RECALL = '/api/breakouts/{breakout}/recall';

export const groupWork = {
  /** Notice: in so many seconds it is over by itself, and gathered. */
  recallIn: (breakout: string, seconds: number) =>
    send('POST', RECALL, { breakout }, { body: { seconds, gather: true } }),
  putOff: (breakout: string, add_seconds: number) =>
    send('POST', RECALL, { breakout }, { body: { add_seconds } }),
  callOff: (breakout: string) => send('POST', RECALL, { breakout }, { body: { seconds: null } }),
  /** What came home as it ended by itself; null when nobody knows any more. */
  gathered: (breakout: string) =>
    send('GET', '/api/breakouts/{breakout}/gathered', { breakout }).then(
      ({ gathered }) => gathered,
    ),
};
