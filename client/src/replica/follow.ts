import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';

const followed = new WeakMap<object, () => void>();

/** Whatever reads this is read anew when something below a document's root has changed. */
export function follow<T>(root: Y.Map<T>): void {
  const subscribe =
    followed.get(root) ??
    createSubscriber((changed) => {
      root.observeDeep(changed);
      return () => root.unobserveDeep(changed);
    });
  followed.set(root, subscribe);
  subscribe();
}
