/** The zone of a list of which most is in sight, by its heading; null where none is. */
export function mostInSight(zones: readonly string[]): string | null {
  let [best, most]: [string | null, number] = [null, 0];
  for (const zone of zones) {
    const section = document.getElementById(`zone-${zone}`)?.closest('section');
    const frame = section?.closest('.zones')?.getBoundingClientRect();
    if (!section || !frame) continue;
    const { top, bottom } = section.getBoundingClientRect();
    const height = Math.min(bottom, frame.bottom, innerHeight) - Math.max(top, frame.top, 0);
    if (height > most) [best, most] = [zone, height];
  }
  return best;
}
