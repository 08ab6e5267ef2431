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
  /** The same groups on the same boards go on. */
  reopen: (breakout: string) => send('POST', '/api/breakouts/{breakout}/reopen', { breakout }),
  /** A word to one group, or to all of them; null takes it away. */
  tell: (breakout: string, text: string | null, group: string | null) =>
    send(
      'POST',
      '/api/breakouts/{breakout}/message',
      { breakout },
      { body: { text, ...(group !== null && { group }) } },
    ),
  /** Go to a group of one's own choice. */
  choose: (breakout: string, group: string) =>
    send('POST', '/api/breakouts/{breakout}/choose', { breakout }, { body: { group } }),
  /** One's own group asks for help, or no more. */
  askForHelp: (breakout: string, help: boolean) =>
    send('POST', '/api/breakouts/{breakout}/help', { breakout }, { body: { help } }),
  /** Who leads has seen that a group asks for help. */
  answerHelp: (breakout: string, group: string) =>
    send('POST', '/api/breakouts/{breakout}/help', { breakout }, { body: { help: false, group } }),
  /** What a merge would bring if it came now. */
  preview: (breakout: string) => send('GET', '/api/breakouts/{breakout}/preview', { breakout }),
  /** What came home as it ended by itself; null when nobody knows any more. */
  gathered: (breakout: string) =>
    send('GET', '/api/breakouts/{breakout}/gathered', { breakout }).then(
      ({ gathered }) => gathered,
    ),
};
