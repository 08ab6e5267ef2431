/** What is said to screen readers, some sentences at a time; `<LiveRegion>` on the page holds it. */
class Announcer {
  text = $state('');
}

export const announcer = new Announcer();

const SAME_MOMENT_MS = 50;
let waiting: readonly string[] = [];
let saying: ReturnType<typeof setTimeout> | undefined;

/**
 * Say it politely. The region is emptied first, so that the same sentence twice is heard twice; what is
 * said in one moment is heard together, or only the last of it would be.
 */
export function announce(text: string): void {
  clearTimeout(saying);
  waiting = [...waiting.filter((other) => other !== text), text];
  announcer.text = '';
  saying = setTimeout(say, SAME_MOMENT_MS);
}

function say(): void {
  announcer.text = waiting.join(' ');
  waiting = [];
}
