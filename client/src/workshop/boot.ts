import type { Workbook, WorkbookStage } from './api-types';
import type { Me } from './workshop';

/** A problem the server answered with: `code` is stable, the sentences are in the reader's language. */
export interface Problem {
  code: string;
  title: string;
  detail: string;
}

/** What the server's page says to the client: `<script type="application/json" id="boot">`. */
export interface Boot {
  page: 'start' | 'join' | 'workshop' | 'wall' | 'error';
  language: string;
  languages: string[];
  version: string;
  code?: string;
  workshop?: { id: string; title: string };
  /** Whether one has to know a passphrase to join. */
  passphrase?: boolean;
  me?: Me | null;
  /** For those who are in. */
  workbook?: Workbook;
  /** For them too: the desk as a Yjs update in base64, unless it is long. */
  desk?: string;
  needs_key?: boolean;
  /** Where facilitators sign in with their organisation: who has, if anybody. */
  sign_in?: { name: string | null };
  /** A workshop that nobody opens for so long is deleted; null keeps all. */
  retention_days?: number | null;
  error?: Problem;
}

export type StageOf = WorkbookStage;
export type { Workbook };

/** Read the page's boot data; a page without it is a broken deployment and says so in the console. */
export function readBoot(document: Document): Boot {
  const element = document.getElementById('boot');
  if (!element) throw new Error('the page has no <script id="boot">');
  return JSON.parse(element.textContent ?? '') as Boot;
}
