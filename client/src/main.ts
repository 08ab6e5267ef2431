import { mount, type Component } from 'svelte';
import './app.css';
import './shared.css';
import { Hush } from './browser/hush';
import { readBoot, type Boot } from './workshop/boot';
import { useLanguage } from './i18n/i18n';
import { keepTranslated } from './browser/translated';
import { chosenView } from './device/view-choice';
import { applyAppearance } from './device/appearance';
import { ClickGuard } from './browser/click-guard';
import { keepCompositionsToThemselves } from './browser/compositions';
import { followBack } from './browser/back';
import { refuseFiles } from './browser/no-files';
import { fetchAgain, fetchPart } from './browser/chunks';
import { fetchAhead, isLeaving } from './browser/ahead';
import ErrorPage from './pages/entry/ErrorPage.svelte';
import Join from './pages/entry/Join.svelte';

type Page = Component<{ boot: Boot }>;

const loadStart = () => import('./pages/entry/Start.svelte');
const loadDoor = () => import('./pages/workshop/WorkshopDoor.svelte');
const loadWall = () => import('./pages/wall/Wall.svelte');
const loadCanvas = () => import('./views/canvas/BoardCanvas.svelte');
const loadList = () => import('./views/list/BoardList.svelte');

/** What a newcomer sees comes with the entry, in one file; the board is a second one. */
const PAGES: Record<Boot['page'], () => Promise<Page> | Page> = {
  start: async () => (await loadStart()).default,
  join: () => Join,
  workshop: async () => (await loadBoard()).default,
  wall: async () => (await loadWall()).default,
  error: () => ErrorPage,
};

/** With the way it will be seen, at once: the board itself would ask for that a round trip later. */
async function loadBoard(): Promise<{ default: Page }> {
  const view = chosenView() === 'list' ? loadList() : loadCanvas();
  const [door] = await Promise.all([loadDoor(), view.catch(() => undefined)]); // told on the board
  return door;
}

async function start(): Promise<void> {
  applyAppearance();
  keepCompositionsToThemselves(window);
  new ClickGuard(document).install();
  new Hush(window).install();
  refuseFiles(window);
  followBack(window);
  const boot = readBoot(document);
  const page = await fetchAgain(() => fetchPage(boot)).catch(tellMissing);
  document.getElementById('missing')?.remove();
  const target = document.getElementById('app') ?? document.body;
  target.replaceChildren();
  keepTranslated(document.body);
  mount(page, { target, props: { boot } });
  await whenLoaded();
  if (boot.page === 'join' || boot.page === 'start') await fetchAhead(loadBoard);
  if (!(await isLeaving())) await import('./fonts.css').catch(() => undefined); // or go without
}

function whenLoaded(): Promise<unknown> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((done) => addEventListener('load', done, { once: true }));
}

async function fetchPage({ page, language }: Boot): Promise<Page> {
  const load = async () => PAGES[page]();
  const words = () => useLanguage(language, page === 'start' || page === 'wall');
  return (await Promise.all([fetchPart(load), fetchPart(words)]))[0];
}

/** The page has a sentence for it, in the reader's language, which needs no file. */
function tellMissing(error: unknown): never {
  const told = document.getElementById('missing');
  if (told) told.hidden = false;
  throw error;
}

void start();
