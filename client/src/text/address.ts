/** The first web address in a text, as it may be linked to; null when there is none. */
export function webAddress(text: string): string | null {
  const found = /https?:\/\/[^\s<>"]+/i.exec(text)?.[0];
  if (!found) return null;
  try {
    const url = new URL(found.replace(/[.,;:!?)]+$/, ''));
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}
