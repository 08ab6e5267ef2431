/** Kinds of boards that have a view; others exist as documents and in exports. */
export const VIEW_KINDS: readonly string[] = ['notes', 'grid', 'survey', 'plan', 'answers'];
