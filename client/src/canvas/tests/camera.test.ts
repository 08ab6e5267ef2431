import { describe, expect, it } from 'vitest';
import { fieldWidth } from '../../layout/layout';
import { Camera, READABLE } from '../camera.svelte';

function opened(screen: number, width: number, gutter = 0): Camera {
  const follow = (point: { x: number; y: number }) => () => point;
  const camera = new Camera({ width, height: 1000, gutter, fixed: 0, reach: 0, follow });
  camera.view = { width: screen, height: 640 };
  camera.settle();
  return camera;
}

describe('the zoom at which a board opens', () => {
  it('is never below what can be read', () => {
    for (const screen of [360, 768, 1056, 1440]) {
      expect(opened(screen, 3000).zoom).toBe(READABLE);
    }
  });

  it('does not make notes huge on a laptop, and uses a wide screen', () => {
    expect(opened(1024, fieldWidth(2)).zoom).toBeLessThan(1.2);
    const wide = opened(2560, 2 * fieldWidth(3) + 24);
    expect(wide.zoom * (2 * fieldWidth(3) + 24)).toBeGreaterThan(0.9 * 2560);
  });

  it('leaves room for what stands beside the zones', () => {
    const camera = opened(1200, 1000, 176);
    expect(camera.left).toBeGreaterThanOrEqual(176);
    expect(camera.left + 1000 * camera.zoom).toBeLessThanOrEqual(1200);
  });
});
