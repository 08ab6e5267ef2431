/** One sentence at a time for screen readers; `<LiveRegion>` on the page holds it. */
class Announcer {
  text = $state('');
}

export const announcer = new Announcer();
let clearing: ReturnType<typeof setTimeout> | undefined;

/** Say it politely. The region is emptied first, so that the same sentence twice is heard twice. */
export function announce(text: string): void {
  clearTimeout(clearing);
  announcer.text = '';
  clearing = setTimeout(() => (announcer.text = text), 50);
}
