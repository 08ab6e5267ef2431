import { mount, type Component } from 'svelte';
import './app.css';
import './shared.css';
import { readBoot, type Boot } from './lib/boot';
import { useLanguage } from './lib/i18n';
import { applyAppearance } from './lib/appearance';

type Page = Component<{ boot: Boot }>;

/** Each page is a chunk of its own: a start page need not load the board. */
const PAGES: Record<Boot['page'], () => Promise<{ default: Page }>> = {
  start: () => import('./pages/Start.svelte'),
  join: () => import('./pages/Join.svelte'),
  workshop: () => import('./pages/WorkshopDoor.svelte'),
  error: () => import('./pages/ErrorPage.svelte'),
};

async function start(): Promise<void> {
  applyAppearance();
  const boot = readBoot(document);
  const [{ default: page }] = await Promise.all([PAGES[boot.page](), useLanguage(boot.language)]);
  const target = document.getElementById('app') ?? document.body;
  target.replaceChildren();
  mount(page, { target, props: { boot } });
}

void start();
