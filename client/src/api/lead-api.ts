/** Calls of who leads, which nobody else's page needs to have. */
import type { Language } from '../i18n/texts';
import type {
  BringNotes,
  ChangePerson,
  NewBreakout,
  NewExport,
  Restoration,
  TakeBack,
  WriteScript,
} from '../workshop/api-types';
import { about, send, urlOf } from './api';

export const leadApi = {
  /** Notes of a list or a file to a board; with `preview` nothing is written. */
  importNotes: (board: string, body: BringNotes) =>
    send('POST', '/api/boards/{board}/import', { board }, { body }),
  waiting: (workshop: string) => about('GET', '/waiting', { workshop }),
  answerWaiting: (workshop: string, body: { let_in?: string[]; turn_away?: string[] }) =>
    about('POST', '/waiting', { workshop }, { body }),
  /** What newcomers have to know beside the code; null for nothing. */
  setPassphrase: (workshop: string, passphrase: string | null) =>
    about('POST', '/passphrase', { workshop }, { body: { passphrase } }),
  changeCode: (workshop: string) => about('POST', '/join-code', { workshop }),
  removePerson: (workshop: string, person: string) =>
    about('DELETE', '/people/{person}', { workshop, person }),
  /** The name they go by, or whether they lead, take part or watch. */
  changePerson: (workshop: string, person: string, body: ChangePerson) =>
    about('PATCH', '/people/{person}', { workshop, person }, { body }),
  /** Who came when, and did what. */
  people: (workshop: string) => about('GET', '/people', { workshop }),
  removePeople: (workshop: string, people: string[]) =>
    about('POST', '/people/remove', { workshop }, { body: { people } }),
  /** Notes of those who lead, by board. */
  scripts: (workshop: string) => about('GET', '/scripts', { workshop }),
  writeScript: (workshop: string, body: WriteScript) =>
    about('PATCH', '/scripts', { workshop }, { body }),
  deleteWorkshop: (workshop: string) => about('DELETE', '', { workshop }),
  addresses: (workshop: string) => about('GET', '/addresses', { workshop }),
  nextRound: (workshop: string, title: string) => {
    const body = title === '' ? {} : { title };
    return about('POST', '/next', { workshop }, { body, creates: true });
  },
  /** Nobody else gets in there before it is opened to all. */
  copyWorkshop: (workshop: string, title: string, contents: boolean) => {
    const body = { ...(title === '' ? {} : { title }), contents, joining: 'closed' as const };
    return about('POST', '/copy', { workshop }, { body, creates: true });
  },
  deletions: (workshop: string) => about('GET', '/deletions', { workshop }),
  restoreDeleted: (workshop: string, body: Restoration) =>
    about('POST', '/deletions/restore', { workshop }, { body }),
  openBreakout: (workshop: string, body: NewBreakout) =>
    about('POST', '/breakouts', { workshop }, { body }),
  moveToGroup: (breakout: string, person: string, group: string) =>
    send(
      'PATCH',
      '/api/breakouts/{breakout}',
      { breakout },
      { body: { moves: [{ person, group }] } },
    ),
  board: (board: string) => send('GET', '/api/boards/{board}', { board }),
  snapshots: (board: string) => send('GET', '/api/boards/{board}/snapshots', { board }),
  takeSnapshot: (board: string, name: string) =>
    send('POST', '/api/boards/{board}/snapshots', { board }, { body: { name }, creates: true }),
  /** A snapshot with the board as it was. */
  snapshot: (snapshot: string) => send('GET', '/api/snapshots/{snapshot}', { snapshot }),
  /** How a board came about. */
  moments: (board: string) => send('GET', '/api/boards/{board}/moments', { board }),
  /** A board as it stood at a moment. */
  moment: (board: string, moment: number, signal: AbortSignal) =>
    send('GET', '/api/boards/{board}/moments/{moment}', { board, moment }, { signal }),
  /** What one person did to a board since a time, and nobody has touched since. */
  doings: (board: string, person: string, since: number) =>
    send('GET', '/api/boards/{board}/changes/{person}', { board, person, since }),
  takeBack: (board: string, body: TakeBack) =>
    send('POST', '/api/boards/{board}/restore', { board }, { body }),
  /** The whole board, or only what a merge changed that came after it. */
  restoreSnapshot: (snapshot: string, mode: 'in_place' | 'undo_merge') =>
    send('POST', '/api/snapshots/{snapshot}/restore', { snapshot }, { body: { mode } }),
  /** A new workshop with the board as it was. */
  copySnapshot: (snapshot: string, title: string) => {
    const body = title === '' ? {} : { title };
    return send('POST', '/api/snapshots/{snapshot}/copy', { snapshot }, { body, creates: true });
  },
  /** Have a document made; `exports` tells how far it is. */
  askExport: (workshop: string, body: NewExport) =>
    about('POST', '/exports', { workshop }, { body, creates: true }),
  /** What a document would hold. */
  aboutExport: (workshop: string, wanted: NewExport, signal: AbortSignal) =>
    about('GET', '/exports/about', { workshop, ...queryOf(wanted) }, { signal }),
  exports: (workshop: string) => about('GET', '/exports', { workshop }),
  dropExport: (id: string) => send('DELETE', '/api/exports/{export}', { export: id }),
  deleteSnapshot: (snapshot: string) => send('DELETE', '/api/snapshots/{snapshot}', { snapshot }),
  /** Of all groups, or of those that are named. */
  merge: (breakout: string, groups?: readonly string[]) =>
    send('POST', '/api/breakouts/{breakout}/merge', { breakout }, groups && { body: { groups } }),
  /** Gathers first what is new; `gathered` is null when that could not be done. */
  close: (breakout: string) =>
    send('POST', '/api/breakouts/{breakout}/close', { breakout }, { body: { gather: true } }),
};

/** A document that is wanted, as it stands in an address. */
export function queryOf({
  format,
  board,
  stage,
  without,
  groups,
}: NewExport): Record<string, string> {
  return {
    format,
    ...(board && { board }),
    ...(stage && { stage }),
    ...(groups && { groups }),
    ...(without && without.length > 0 && { without: without.join(',') }),
  };
}

/** A snapshot, drawn. */
export function snapshotPictureUrl(snapshot: string, language: Language): string {
  return urlOf('/api/snapshots/{snapshot}/picture.svg', { snapshot, language });
}

/** The address to join at as a picture. `origin`: one of those where others can join. */
export function qrUrl(workshop: string, origin: string | null): string {
  return urlOf('/api/workshops/{workshop}/qr.svg', { workshop, origin: origin ?? undefined });
}
