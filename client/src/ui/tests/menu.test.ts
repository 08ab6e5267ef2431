import { createRawSnippet, flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import Menu from '../Menu.svelte';

const target = document.createElement('div');
document.body.append(target);
let menu: Record<string, unknown>;

afterEach(() => unmount(menu));

it('offers two people of one name, each of whom can be chosen', async () => {
  const chosen = [vi.fn(), vi.fn()];
  const items = chosen.map((run) => ({ label: 'Anna', run }));
  const children = createRawSnippet(() => ({ render: () => '<span>Add a name</span>' }));
  menu = mount(Menu, { target, props: { label: 'Add a name', items, children } });
  target.querySelector('button')?.click();
  await tick();
  flushSync();
  const rows = target.querySelectorAll<HTMLElement>('[data-item]');
  expect([...rows].map((row) => row.textContent?.trim())).toEqual(['Anna', 'Anna']);
  rows[1]?.click();
  expect(chosen[0]).not.toHaveBeenCalled();
  expect(chosen[1]).toHaveBeenCalledOnce();
});
