/** How writing a note ended: by Escape or a button, by Ctrl+Enter, or by going elsewhere. */
export type DoneBy = 'key' | 'next' | 'leaving';
