import { createSubscriber } from 'svelte/reactivity';
import { serverNow } from './api';

const subscribe = createSubscriber((update) => {
  const ticking = setInterval(update, 500);
  return () => clearInterval(ticking);
});

/** Now by the server's clock; what reads it in a component is drawn again twice a second. */
export function tickingNow(): number {
  subscribe();
  return serverNow();
}
