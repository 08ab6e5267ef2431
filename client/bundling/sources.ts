import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../src');
export const source = (path: string): string => join(ROOT, path);

/** What comes in the same file, from what is needed first to what is needed last. */
export const STARTS = {
  main: ['main.ts'],
  start: ['pages/entry/Start.svelte'],
  board: ['pages/workshop/WorkshopDoor.svelte'],
  canvas: ['views/canvas/BoardCanvas.svelte'],
  list: ['views/list/BoardList.svelte', 'views/list/PaperBoard.svelte'],
  // What is told above the board, and what is asked for by a press: it comes soon after the board.
  later: [
    'pages/banners/Banners.svelte',
    'pages/banners/RecallRow.svelte',
    'pages/bar/TimeLeft.svelte',
    'pages/entry/LeaveDevice.svelte',
    'pages/entry/OtherKey.svelte',
    'pages/workshop/PeopleList.svelte',
    'pages/workshop/SignOutEverywhere.svelte',
    'views/grid/BecameDialog.svelte',
    'views/grid/GridOverview.svelte',
    'views/grid/GridSwitch.svelte',
    'views/guide/BoardGuide.svelte',
    'views/links/ItemLinks.svelte',
    'views/note/MakeExperiment.svelte',
    'views/note/NoteMenu.svelte',
    'views/themes/ThemeDialog.svelte',
    'views/themes/ThemeMenu.svelte',
    'views/votes/VoteButtons.svelte',
    'views/RemoveDialog.svelte',
  ],
  // The same of the canvas alone.
  tools: [
    'views/canvas/KeyHelp.svelte',
    'views/canvas/Minimap.svelte',
    'views/grid/BecameLines.svelte',
    'views/note/NoteBar.svelte',
    'views/votes/NoteDots.svelte',
  ],
} as const satisfies Record<string, readonly string[]>;

const IMPORT = /^\s*(?:import|export)\s+(?!type\s)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm;
const ENDINGS = ['', '.ts', '.svelte.ts'];

/** The sources of some modules and of all that they import at once, as paths. */
export function withImports(starts: readonly string[]): Set<string> {
  const found = new Set(starts.map(source));
  for (const path of found) {
    if (path.endsWith('.css')) continue;
    for (const [, target = ''] of readFileSync(path, 'utf-8').matchAll(IMPORT)) {
      const base = join(dirname(path), target);
      const file = ENDINGS.map((ending) => base + ending).find(isFile);
      if (file !== undefined) found.add(file);
    }
  }
  return found;
}

/** Every source of the client but for its tests. */
export function everyModule(): string[] {
  const all = readdirSync(ROOT, { recursive: true, encoding: 'utf-8' });
  return all
    .filter((path) => /\.(ts|svelte)$/.test(path) && !/(^|\/)tests\//.test(path))
    .map(source);
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
