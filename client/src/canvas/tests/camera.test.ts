import { describe, expect, it } from 'vitest';
import { layoutZone } from '../../layout/layout';
import { Camera, MARGIN } from '../camera.svelte';

/** A board one zone wide: what a phone shows, its zones one below the other. */
const WIDTH = layoutZone([]).width;

function fitted(screen: number): number {
  const camera = new Camera(() => ({ width: WIDTH, height: 1000 }));
  camera.view = { width: screen, height: 640 };
  return camera.zoomFor(WIDTH) * WIDTH + 2 * MARGIN;
}

describe('the zoom at which a board fits', () => {
  it('shows all of a zone on the narrowest phone we promise', () => {
    expect(fitted(360)).toBeLessThanOrEqual(360);
  });

  it('does not make notes huge on a wide screen', () => {
    expect(fitted(1440)).toBeLessThan(1440);
  });
});
