import type { Draft } from '../workshop/survey';
import type { Me } from '../workshop/workshop';
import type {
  Deletions,
  DeskPatch,
  Join,
  Merged,
  NewBreakout,
  NewRound,
  NewWorkshop,
  Note,
  paths,
  Session,
} from '../workshop/api-types';
import type { Problem } from '../workshop/boot';
import { serverClock } from './server-clock';
import { done, keyOf, nameOf } from './intentions';

export type { DeskPatch, Facilitator, NewWorkshop, Waiting } from '../workshop/api-types';
export type { PersonHere as Seen } from '../workshop/api-types';
/** Somebody's deleted notes, as the list of them tells. */
export type Deletion = Deletions[number];
/** A note, and all of what a merge brought, as far as the report is shown and kept. */
export type ReportNote = Pick<Note, 'id' | 'text' | 'group'>;
export type MergeReport = Reported<Merged>;
type Reported<T> = T extends Note
  ? ReportNote
  : T extends object
    ? { [K in keyof T]: Reported<T[K]> }
    : T;
/** What one may join as by the code; facilitators come by their own link. */
export type JoinRole = Exclude<Session['role'], 'facilitator'>;
/** Whether newcomers come in, wait to be let in, or do not. */
export type Joining = NonNullable<DeskPatch['joining']>;
/** Whom a round is to ask, beside those who were at work. */
export type NewRoundPeople = Omit<NewRound, 'form'>;
/** What is locked of a board, or let go of. */
export type LocksChange = NonNullable<DeskPatch['locked_parts']>[string];
/** What changes of a board's rights; null: they are as those of all others. */
export type RightsChange = NonNullable<DeskPatch['rights']>[string];
export type VotingChange = NonNullable<DeskPatch['votes']>[string];
export type GroupPlan = Exclude<NewBreakout['groups'], number>[number];

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
/** Calls that the server describes; workshop/api-types.ts is made from its description. */
type Address<M extends Method> = {
  [P in keyof paths]: paths[P][Lowercase<M>] extends object ? P : never;
}[keyof paths];
type Call<M extends Method, P extends Address<M>> = paths[P][Lowercase<M>];
/** What stands in the address, in its path or behind it. */
type Named<C> = (C extends { parameters: { path: infer Path } } ? Path : unknown) &
  (C extends { parameters: { query?: infer Query } } ? NotNever<Query> : unknown);
type NotNever<T> = [T] extends [never] ? unknown : T;
type Body<C> = C extends { requestBody?: { content: infer Content } }
  ? Content extends { 'application/json': infer Json }
    ? Json
    : Uint8Array
  : undefined;
type Fine = 200 | 201 | 202 | 204;
type Answer<C> = C extends { responses: infer All }
  ? { [S in keyof All & Fine]: JsonOf<All[S]> }[keyof All & Fine]
  : never;
type JsonOf<R> = R extends { content: { 'application/json': infer Json } } ? Json : undefined;

/** An HTTP call that the server refused, as RFC 9457 says it. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.code}`);
    this.name = 'ApiProblem';
  }

  get code(): string {
    return this.problem.code;
  }
}

/** No answer came. Whatever was done, trying again is safe: it is not done twice. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

interface Options<Sent> {
  /** Plain values go as JSON, bytes as they are. */
  body?: Sent;
  /** JSON as it stands in a file, in place of a body: what is wrong with it is the server's word. */
  raw?: string;
  /** A token, in place of the browser's cookie. */
  key?: string;
  /** It makes something anew: the same words are one intention until an answer comes. */
  creates?: boolean;
  /** Ends what nobody waits for any more. */
  signal?: AbortSignal;
}

type Milliseconds = number;

/** Pauses before a command without an answer is sent again, under the same key. */
const PAUSES: readonly Milliseconds[] = [300, 1_200];
/** Longer than the server takes for anything; some ways swallow an answer without a word. */
const ANSWER_MS: Milliseconds = 20_000;
/** What proxies say when they have lost the answer of the server. */
const LOST: readonly number[] = [502, 504];

/** Now, by the server's clock as well as we know it. */
export function serverNow(): number {
  return serverClock.now();
}

/** The one place that talks HTTP. Raises ApiProblem (the server said no) or Unreachable. */
export async function send<M extends Method, P extends Address<M>>(
  method: M,
  address: P,
  named: Named<Call<M, P>>,
  { body, raw, key, creates, signal }: Options<Body<Call<M, P>>> = {},
): Promise<Answer<Call<M, P>>> {
  type T = Answer<Call<M, P>>;
  const path = urlOf(address, named as Names);
  const headers: Record<string, string> = { Accept: 'application/json' };
  const isBytes = body instanceof Uint8Array;
  if (key) headers['Authorization'] = `Bearer ${key}`;
  const init: RequestInit = { method, headers, credentials: 'same-origin', signal: signal ?? null };
  if (method !== 'GET') {
    // JSON also where there is nothing to say: a page of another site could not send that.
    headers['Content-Type'] = isBytes ? 'application/octet-stream' : 'application/json';
    init.body = isBytes ? (body as Uint8Array<ArrayBuffer>) : (raw ?? JSON.stringify(body ?? {}));
  }
  const isCommand = method === 'POST' || method === 'PATCH';
  if (isBytes || !isCommand) return receive<T>(path, init); // edits may be repeated as they are
  const what = creates ? nameOf(`${method} ${path} ${String(init.body)}`) : null;
  headers['Idempotency-Key'] = keyOf(what);
  const answer = await insist(() => receive<T>(path, init)).catch((error: unknown) => {
    if (!isLost(error)) done(what);
    throw error;
  });
  done(what);
  return answer;
}

/** Again while no answer comes, a few times. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await call();
    } catch (error) {
      if (!isLost(error)) throw error;
      await new Promise((passed) => setTimeout(passed, pause));
    }
  }
  return call();
}

const isLost = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof ApiProblem && LOST.includes(error.status));

async function receive<T>(path: string, init: RequestInit): Promise<T> {
  const lost = (): never => {
    throw new Unreachable(`${init.method} ${path}`);
  };
  const deadline = AbortSignal.timeout(ANSWER_MS);
  const signal = init.signal ? AbortSignal.any([deadline, init.signal]) : deadline;
  const response = await fetch(path, { ...init, signal }).catch(lost);
  serverClock.note(response.headers.get('Date'));
  if (!response.ok) throw new ApiProblem(response.status, await readProblem(response));
  return response.status === 204
    ? (undefined as T)
    : await (response.json() as Promise<T>).catch(lost);
}

async function readProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return {
    code: typeof body.code === 'string' ? body.code : `http-${response.status}`,
    title: body.title ?? '',
    detail: body.detail ?? '',
  };
}

type Names = Readonly<Record<string, string | number | undefined>>;

/** An address with its names filled in; those that have no place in its path stand behind it. */
export function urlOf(address: keyof paths, named: Names): string {
  const part = (name: string) => encodeURIComponent(String(named[name]));
  const path = address.replace(/\{(\w+)\}/g, (_, name: string) => part(name));
  const behind = Object.keys(named).filter(
    (name) => named[name] !== undefined && !address.includes(`{${name}}`),
  );
  return path + behind.map((name, at) => `${at ? '&' : '?'}${name}=${part(name)}`).join('');
}

const WORKSHOP = '/api/workshops/{workshop}';
type OfWorkshop<M extends Method, R extends string> = Extract<Address<M>, `${typeof WORKSHOP}${R}`>;
type Rest<M extends Method> = {
  [P in Address<M>]: P extends `${typeof WORKSHOP}${infer R}` ? R : never;
}[Address<M>];

/** A call about one workshop; `rest`: what its address has behind the workshop's. */
export const about = <M extends Method, R extends Rest<M>>(
  method: M,
  rest: R,
  named: Named<Call<M, OfWorkshop<M, R>>>,
  options?: Options<Body<Call<M, OfWorkshop<M, R>>>>,
) => send(method, (WORKSHOP + rest) as OfWorkshop<M, R>, named, options);

export const api = {
  /** Milliseconds since 1970 by the server's clock. */
  now: () => send('GET', '/api/now', {}).then(({ now }) => now),
  create: (body: NewWorkshop, key?: string) =>
    send('POST', '/api/workshops', {}, { body, creates: true, ...(key && { key }) }),
  /** A workshop from the JSON export of another, as it stands in its file. */
  importWorkshop: (raw: string, joining: Joining, key?: string) =>
    send('POST', '/api/workshops/import', { joining }, { raw, ...(key && { key }) }),
  /** Ids of what stands on a board, and keys of its answers. */
  idsOn: async (board: string) => {
    const now = await send('GET', '/api/boards/{board}', { board });
    const items = [...now.notes, ...now.themes, ...now.experiments, ...now.links];
    return new Set([...items.map(({ id }) => id), ...Object.keys(now.answers)]);
  },
  facilitator: () => send('GET', '/api/facilitator', {}),
  endSignIn: () => send('POST', '/api/facilitator/sign-out', {}),
  openMine: (workshop: string) =>
    send('POST', '/api/facilitator/workshops/{workshop}', { workshop }),
  join: (code: string, name: string, role: JoinRole, passphrase = '') => {
    const body: Join = { code, name, role, ...(passphrase !== '' && { passphrase }) };
    return send('POST', '/api/join', {}, { body, creates: true });
  },
  lookIn: (waiting: string) => send('POST', '/api/waiting', {}, { body: { waiting } }),
  stopWaiting: (waiting: string) => send('POST', '/api/waiting/leave', {}, { body: { waiting } }),
  comeBack: (code: string) => send('POST', '/api/return', {}, { body: { code }, creates: true }),
  session: (token: string) => send('POST', '/api/session', {}, { body: { token } }),
  /** The same, also where somebody else of this workshop is signed in; otherwise that is refused. */
  becomeOther: (token: string) =>
    send('POST', '/api/session', {}, { body: { token, replace: true } }),
  signOutEverywhere: (workshop: string) => about('POST', '/sign-out', { workshop }),
  leave: (workshop: string) => about('POST', '/leave', { workshop }),
  workbook: (workshop: string) => about('GET', '/workbook', { workshop }),
  patchDesk: (workshop: string, body: DeskPatch) => about('PATCH', '', { workshop }, { body }),
  previousChange: (workshop: string) => about('GET', '/previous/change', { workshop }),
  rounds: (workshop: string, form: string) => about('GET', '/results', { workshop, form }),
  whomToAsk: (workshop: string) => about('GET', '/rounds/asked', { workshop }),
  /** `also`: people to ask though they were not seen at work; `without`: not to ask though they were;
   * `few`: also when no results can come. */
  openRound: (workshop: string, form: string, who: NewRoundPeople) =>
    about('POST', '/rounds', { workshop }, { body: { form, ...who } }),
  changeAsked: (
    workshop: string,
    form: string,
    people: readonly string[],
    without: readonly string[],
  ) => about('POST', '/rounds/asked', { workshop }, { body: { form, people, without } }),
  closeRound: (workshop: string, form: string) =>
    about('POST', '/rounds/close', { workshop }, { body: { form } }),
  answerForm: (workshop: string, form: string, draft: Draft) =>
    about('POST', '/answers', { workshop }, { body: { form, ...draft } }),
  /** Bring an edit to a board that is not open; it is durable when this returns. */
  bring: (board: string, lineage: string, update: Uint8Array) =>
    send('POST', '/api/boards/{board}/edits', { board, lineage }, { body: update }),
};

/** What is held about a person, as a file. */
export function personDataUrl(workshop: string, person: string): string {
  return urlOf('/api/workshops/{workshop}/people/{person}/data', { workshop, person });
}

export interface TakenFile {
  readonly name: string;
  readonly content: Blob;
}

/** A file as a browser would save it; raises as every call does. */
export async function fetchFile(url: string): Promise<TakenFile> {
  const unreachable = () => {
    throw new Unreachable(`GET ${url}`);
  };
  const response = await fetch(url, { credentials: 'same-origin' }).catch(unreachable);
  if (!response.ok) throw new ApiProblem(response.status, await readProblem(response));
  const name = fileNameIn(response.headers.get('Content-Disposition') ?? '');
  return { name, content: await response.blob().catch(unreachable) };
}

/** The name in any letters comes before the one in ASCII (RFC 6266). */
export function fileNameIn(disposition: string): string {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? [];
  const [, plain] = /filename="([^"]*)"/.exec(disposition) ?? [];
  return encoded === undefined ? (plain ?? '') : decodeURIComponent(encoded);
}

export function meFrom(session: Session): Me {
  return { id: session.person, name: session.name, role: session.role };
}
