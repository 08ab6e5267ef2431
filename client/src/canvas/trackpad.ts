/**
 * Two fingers on a Mac's trackpad, in Safari: it tells of them in events of its own, and zooms the
 * whole page where nobody takes them. Other browsers send a wheel with Ctrl instead.
 */
import type { Camera } from './camera.svelte';

/** Source: Safari's GestureEvent; `scale` counts from the start of the gesture. */
interface GestureEvent extends UIEvent {
  readonly scale: number;
  readonly clientX: number;
  readonly clientY: number;
}

/** `touched`: fingers are on the screen itself, which is told in touches as well. */
export function zoomByTrackpad(
  viewport: HTMLElement,
  camera: Camera,
  touched: () => boolean,
  signal: AbortSignal,
): void {
  let before = 1;
  const start = (event: Event): void => {
    event.preventDefault();
    before = 1;
  };
  const change = (event: Event): void => {
    event.preventDefault();
    const { scale, clientX: x, clientY: y } = event as GestureEvent;
    if (!touched()) camera.zoomBy(scale / before, { x, y });
    before = scale;
  };
  viewport.addEventListener('gesturestart', start, { passive: false, signal });
  viewport.addEventListener('gesturechange', change, { passive: false, signal });
}
