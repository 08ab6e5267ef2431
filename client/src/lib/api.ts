import type { Draft, Round, Whom } from '../core/survey';
import type { RoundNote } from '../core/rounds';
import type { Me, Role } from '../core/workshop';
import type { Guidance, GuidanceChange } from '../core/guidance';
import type { Problem, Workbook } from './boot';
import { serverClock } from './server-clock';
import { done, keyOf, nameOf } from './intentions';

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

export interface Created {
  id: string;
  token: string;
  join_code: string;
  join_url: string;
  facilitator_url: string;
  return_code: string;
}

export interface NewWorkshop {
  workbook: string;
  /** A workbook of one's own, as TOML, in place of an installed one. */
  workbook_toml?: string;
  /** What its file is called, for messages. */
  workbook_file?: string;
  title: string;
  language: string;
}

/** Where others can join, the likeliest first; `only_here`: no other machine gets there. */
export interface Addresses {
  origins: string[];
  only_here: boolean;
  /** Whether the server knows the address in the browser as its own. */
  known: boolean;
}

/** Who signed in with their organisation, and the workshops that they lead. */
export interface Facilitator {
  name: string;
  workshops: { id: string; title: string }[];
}

/** The last round's change map. */
export interface Previous {
  title: string;
  board: { notes: RoundNote[] };
}

/** What one may join as by the code; facilitators come by their own link. */
export type JoinRole = Exclude<Role, 'facilitator'>;

/** At the door: a facilitator lets people in. `waiting` is the token of who is let in. */
export interface Knocked {
  waiting: string;
  return_code: string;
}

/** How it stands with who waits. */
export interface Looked {
  state: 'waiting' | 'in' | 'away';
  workshop: string | null;
}

/** Somebody who waits, as facilitators see them. */
export interface Waiting {
  id: string;
  name: string;
  role: JoinRole;
}

export interface Joined {
  workshop: string;
  person: string;
  token: string;
  return_code: string;
}

/** What lets a person in from now on, and nothing else does. */
export interface Keys {
  token: string;
  return_code: string;
  facilitator_url?: string;
}

export interface SessionOf {
  workshop: string;
  person: string;
  role: Role;
  name: string;
}

export interface GroupPlan {
  name: string;
  people: string[];
  pages?: number[];
}

/** A note as the merge report tells it, also one that is deleted. */
export interface ReportNote {
  id: string;
  text: string;
  /** Id of the group that wrote it; null for the whole team. */
  group: string | null;
}

/** What one merge brought; all empty when there was nothing new. */
export interface MergeReport {
  added: ReportNote[];
  edited_on_both_sides: ReportNote[];
  kept_deleted: ReportNote[];
  put_back: ReportNote[];
  likely_duplicates: [ReportNote, ReportNote][];
  snapshot: string | null;
}

type Ids = readonly { id: string }[];

interface Standing {
  notes: Ids;
  themes: Ids;
  experiments: Ids;
  links: Ids;
  answers: Readonly<Record<string, unknown>>;
}

/** What one person deleted on one board at a time and is still gone. Times: ms since 1970. */
export interface Deletions {
  board: string;
  /** null: somebody who is no longer here. */
  person: string | null;
  from: number;
  until: number;
  count: number;
  /** How many of them others wrote. */
  others: number;
  /** Of the first few. */
  texts: string[];
}

/** Whether newcomers come in, wait to be let in, or do not. */
export type Joining = 'open' | 'ask' | 'closed';

export interface VotingChange {
  /** So many more, or fewer, than there are. */
  add_dots?: number;
  hidden?: boolean;
  open?: boolean;
}

/** What a facilitator may change of the desk. A timer starts by the server's clock, so that it ends
 * at the same moment for all; what changes it is sent as a change, from wherever it stands. */
export interface DeskPatch {
  title?: string;
  stage?: string;
  board?: string | null;
  timer?: { seconds: number } | { add_seconds: number } | { pause: boolean } | null;
  locks?: Record<string, boolean>;
  announcement?: { text: string } | null;
  /** All changes of the workbook at once; null goes back to it. */
  guidance?: Guidance | null;
  /** Laid over what is changed already. */
  guidance_change?: GuidanceChange;
  votes?: Record<string, VotingChange>;
  joining?: Joining;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
interface Options {
  /** Plain values go as JSON, bytes as they are. */
  body?: unknown;
  key?: string;
  /** It makes something anew: the same words are one intention until an answer comes. */
  creates?: boolean;
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
async function send<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const { body, key, creates } = options;
  const headers: Record<string, string> = { Accept: 'application/json' };
  const isBytes = body instanceof Uint8Array;
  if (body !== undefined) {
    headers['Content-Type'] = isBytes ? 'application/octet-stream' : 'application/json';
  }
  if (key) headers['Authorization'] = `Bearer ${key}`;
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (body !== undefined)
    init.body = isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);
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
  const signal = AbortSignal.timeout(ANSWER_MS);
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

const part = encodeURIComponent;

export const api = {
  /** Milliseconds since 1970 by the server's clock. */
  now: () => send<{ now: number }>('GET', '/api/now').then(({ now }) => now),
  create: (body: NewWorkshop, key?: string) =>
    send<Created>('POST', '/api/workshops', { body, creates: true, ...(key && { key }) }),
  /** Ids of what stands on a board, and keys of its answers. */
  idsOn: async (board: string) => {
    const now = await send<Standing>('GET', `/api/boards/${part(board)}`);
    const items = [...now.notes, ...now.themes, ...now.experiments, ...now.links];
    return new Set([...items.map(({ id }) => id), ...Object.keys(now.answers)]);
  },
  facilitator: () => send<Facilitator>('GET', '/api/facilitator'),
  endSignIn: () => send<undefined>('POST', '/api/facilitator/sign-out', { body: {} }),
  openMine: (workshop: string) =>
    send<unknown>('POST', `/api/facilitator/workshops/${part(workshop)}`, { body: {} }),
  join: (code: string, name: string, role: JoinRole, passphrase = '') =>
    send<Joined | Knocked>('POST', '/api/join', {
      body: passphrase === '' ? { code, name, role } : { code, name, role, passphrase },
      creates: true,
    }),
  lookIn: (waiting: string) => send<Looked>('POST', '/api/waiting', { body: { waiting } }),
  stopWaiting: (waiting: string) =>
    send<undefined>('POST', '/api/waiting/leave', { body: { waiting } }),
  waiting: (workshop: string) => send<Waiting[]>('GET', `/api/workshops/${part(workshop)}/waiting`),
  answerWaiting: (workshop: string, body: { let_in?: string[]; turn_away?: string[] }) =>
    send<Waiting[]>('POST', `/api/workshops/${part(workshop)}/waiting`, { body }),
  comeBack: (code: string) =>
    send<Joined>('POST', '/api/return', { body: { code }, creates: true }),
  session: (token: string) => send<SessionOf>('POST', '/api/session', { body: { token } }),
  /** The same, also where somebody else of this workshop is signed in; otherwise that is refused. */
  becomeOther: (token: string) =>
    send<SessionOf>('POST', '/api/session', { body: { token, replace: true } }),
  signOutEverywhere: (workshop: string) =>
    send<Keys>('POST', `/api/workshops/${part(workshop)}/sign-out`, { body: {} }),
  /** What newcomers have to know beside the code; null for nothing. */
  setPassphrase: (workshop: string, passphrase: string | null) =>
    send<{ passphrase: boolean }>('POST', `/api/workshops/${part(workshop)}/passphrase`, {
      body: { passphrase },
    }),
  changeCode: (workshop: string) =>
    send<{ join_code: string }>('POST', `/api/workshops/${part(workshop)}/join-code`, { body: {} }),
  removePerson: (workshop: string, person: string) =>
    send<undefined>('DELETE', `/api/workshops/${part(workshop)}/people/${part(person)}`, {
      body: {},
    }),
  deleteWorkshop: (workshop: string) =>
    send<undefined>('DELETE', `/api/workshops/${part(workshop)}`, { body: {} }),
  leave: (workshop: string) =>
    send<undefined>('POST', `/api/workshops/${part(workshop)}/leave`, { body: {} }),
  workbook: (workshop: string) =>
    send<Workbook>('GET', `/api/workshops/${part(workshop)}/workbook`),
  addresses: (workshop: string) =>
    send<Addresses>('GET', `/api/workshops/${part(workshop)}/addresses`),
  patchDesk: (workshop: string, body: DeskPatch) =>
    send<unknown>('PATCH', `/api/workshops/${part(workshop)}`, { body }),
  nextRound: (workshop: string, title: string) =>
    send<Created>('POST', `/api/workshops/${part(workshop)}/next`, {
      body: title === '' ? {} : { title },
      creates: true,
    }),
  previousChange: (workshop: string) =>
    send<Previous>('GET', `/api/workshops/${part(workshop)}/previous/change`),
  deletions: (workshop: string) =>
    send<Deletions[]>('GET', `/api/workshops/${part(workshop)}/deletions`),
  restoreDeleted: (
    workshop: string,
    body: Pick<Deletions, 'person' | 'board' | 'from' | 'until'>,
  ) =>
    send<{ restored: number }>('POST', `/api/workshops/${part(workshop)}/deletions/restore`, {
      body,
    }),
  openBreakout: (workshop: string, body: { board: string; groups: GroupPlan[] }) =>
    send<{ id: string }>('POST', `/api/workshops/${part(workshop)}/breakouts`, { body }),
  moveToGroup: (breakout: string, person: string, group: string) =>
    send<unknown>('PATCH', `/api/breakouts/${part(breakout)}`, {
      body: { moves: [{ person, group }] },
    }),
  merge: (breakout: string) =>
    send<MergeReport>('POST', `/api/breakouts/${part(breakout)}/merge`, { body: {} }),
  rounds: (workshop: string, form: string) =>
    send<Round[]>('GET', `/api/workshops/${part(workshop)}/results?form=${part(form)}`),
  whomToAsk: (workshop: string) =>
    send<Whom>('GET', `/api/workshops/${part(workshop)}/rounds/asked`),
  /** `also`: people to ask though they were not seen at work; `few`: also when no results can come. */
  openRound: (workshop: string, form: string, also: readonly string[], few: boolean) =>
    send<Round>('POST', `/api/workshops/${part(workshop)}/rounds`, { body: { form, also, few } }),
  askMore: (workshop: string, form: string, people: readonly string[]) =>
    send<Round>('POST', `/api/workshops/${part(workshop)}/rounds/asked`, {
      body: { form, people },
    }),
  closeRound: (workshop: string, form: string) =>
    send<Round>('POST', `/api/workshops/${part(workshop)}/rounds/close`, { body: { form } }),
  answerForm: (workshop: string, form: string, draft: Draft) =>
    send<undefined>('POST', `/api/workshops/${part(workshop)}/answers`, {
      body: { form, ...draft },
    }),
  /** Bring an edit to a board that is not open; it is durable when this returns. */
  bring: (board: string, lineage: string, update: Uint8Array) =>
    send<{ notices: unknown[] }>(
      'POST',
      `/api/boards/${part(board)}/edits?lineage=${part(lineage)}`,
      { body: update },
    ),
  /** Gathers first what is new; `gathered` is null when that could not be done. */
  close: (breakout: string) =>
    send<{ gathered: MergeReport | null }>('POST', `/api/breakouts/${part(breakout)}/close`, {
      body: { gather: true },
    }),
};

/** Where a board leaves as a file. */
export function exportUrl(board: string, format: 'json' | 'md' | 'pdf' | 'ics'): string {
  return `/api/boards/${part(board)}/export.${format}`;
}

/** What is held about a person, as a file. */
export function personDataUrl(workshop: string, person: string): string {
  return `/api/workshops/${part(workshop)}/people/${part(person)}/data`;
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

/** The address to join at as a picture. `origin`: one of those where others can join. */
export function qrUrl(workshop: string, origin: string | null): string {
  const chosen = origin === null ? '' : `?origin=${part(origin)}`;
  return `/api/workshops/${part(workshop)}/qr.svg${chosen}`;
}

export function meFrom(session: SessionOf): Me {
  return { id: session.person, name: session.name, role: session.role };
}
