import { createSubscriber } from 'svelte/reactivity';
import { api } from './api';
import { serverClock } from './server-clock';

const TICK_MS = 500;

const subscribe = createSubscriber((update) => {
  const resync = () => void serverClock.measure(api.now).then(update);
  const tick = () => {
    if (serverClock.jumped()) resync();
    update();
  };
  // Timers of a hidden page stand still for minutes: back in sight, it is right at once.
  const wake = () => {
    if (document.hidden) return;
    tick();
    resync();
  };
  const ticking = setInterval(tick, TICK_MS);
  const wakes = ['visibilitychange', 'resume'] as const;
  wakes.forEach((event) => document.addEventListener(event, wake));
  addEventListener('online', wake);
  resync();
  return () => {
    clearInterval(ticking);
    wakes.forEach((event) => document.removeEventListener(event, wake));
    removeEventListener('online', wake);
  };
});

/** Now by the server's clock; what reads it in a component is drawn again twice a second. */
export function tickingNow(): number {
  subscribe();
  return serverClock.now();
}
