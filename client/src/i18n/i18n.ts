/** The door to texts: `t` and its kin are reactive, see i18n.svelte.ts; the pure part is texts.ts. */
export * from './i18n.svelte';
export type { Catalogue } from './texts';
