import { describe, expect, it } from 'vitest';
import { Camera } from '../camera.svelte';
import { zoomByTrackpad } from '../trackpad';

function gesture(type: string, scale: number): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  return Object.assign(event, { scale, clientX: 10, clientY: 10 });
}

describe('trackpad', () => {
  it('zooms as far as the fingers spread, once', () => {
    const viewport = document.createElement('div');
    const camera = new Camera({
      width: 1000,
      height: 1000,
      gutter: 0,
      fixed: 0,
      reach: 0,
      follow: (point) => () => point,
    });
    const stop = new AbortController();
    let touched = false;
    zoomByTrackpad(viewport, camera, () => touched, stop.signal);
    const send = (type: string, scale: number) => viewport.dispatchEvent(gesture(type, scale));
    for (const scale of [1.5, 2, 1.2]) {
      send('gesturestart', 1);
      const before = camera.zoom;
      send('gesturechange', 1 + (scale - 1) / 2);
      expect(send('gesturechange', scale)).toBe(false); // the page itself is not zoomed
      expect(camera.zoom).toBeCloseTo(Math.min(2.5, before * scale), 5);
      camera.zoom = 1;
    }
    touched = true;
    send('gesturestart', 1);
    expect(send('gesturechange', 2)).toBe(false);
    expect(camera.zoom).toBe(1);
    stop.abort();
    expect(send('gesturechange', 2)).toBe(true);
  });
});
