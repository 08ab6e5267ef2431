import type { NewExport } from '../workshop/api-types';
import { urlOf } from './api';
import { queryOf } from './lead-api';

export type WholeFormat = 'json' | 'xlsx' | 'docx' | 'pptx' | 'pdf' | 'zip';

export type ReportFormat = 'report.pdf' | 'report.docx';

export type BoardFormat = Exclude<WholeFormat, 'zip'> | 'md' | 'csv' | 'svg' | 'png' | 'ics';

/** Where the whole workbook leaves as a file. */
export function wholeUrl(workshop: string, format: WholeFormat | ReportFormat): string {
  return urlOf('/api/workshops/{workshop}/export.{format}', { workshop, format });
}

/** Where the workbook leaves as a file, with what this workshop has changed of it. */
export function workbookUrl(workshop: string): string {
  return urlOf('/api/workshops/{workshop}/workbook.toml', { workshop });
}

/** Where a board leaves as a file. */
export function exportUrl(board: string, format: BoardFormat): string {
  return urlOf('/api/boards/{board}/export.{format}', { board, format });
}

/** The first page of a document that could be made, as a picture. */
export function firstPageUrl(workshop: string, wanted: NewExport): string {
  const named = { workshop, ...queryOf(wanted) };
  return urlOf('/api/workshops/{workshop}/exports/first-page.png', named);
}

/** Where a document is that was asked for and is there. */
export function exportFileUrl(id: string): string {
  return urlOf('/api/exports/{export}/file', { export: id });
}
