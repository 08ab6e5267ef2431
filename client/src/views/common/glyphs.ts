/** The board's own line drawings, on the 24 × 24 grid of ui/icons.ts. */
export const GLYPHS = {
  undo: 'M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H8',
  redo: 'm15 14 5-5-5-5M20 9H9.5a5.5 5.5 0 0 0 0 11H16',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  list: 'M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01',
  canvas: 'M4 5h7v9H4zM13 5h7v6h-7zM13 14h7v5h-7z',
  edit: 'M4 20h4L19 9l-4-4L4 16v4ZM13.5 6.5l4 4',
  move: 'M5 12h14M13 6l6 6-6 6',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  sort: 'M4 6.5h9M4 12h6.5M4 17.5h4M17 5v14M13.5 15.5 17 19l3.5-3.5',
  trash: 'M4 7h16M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5',
  down: 'm6 9.5 6 6 6-6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  help: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  color: 'M12 3.5c3.5 4 6 7 6 10.2a6 6 0 0 1-12 0c0-3.2 2.5-6.2 6-10.2Z',
  more: 'M5.4 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0M11.4 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0M17.4 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0',
  theme: 'M4 4h16v16H4zM4 8.5h16M7.5 12H11v4.5H7.5zM13.5 12H17',
  link: 'M10 13.5a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.3M14 10.5a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3',
  close: 'm6 6 12 12M18 6 6 18',
} as const;

export type GlyphName = keyof typeof GLYPHS;
