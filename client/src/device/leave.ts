/** A device is left: what it keeps of one person in one workshop goes, and it is nobody's then. */
import { forgetWaiting } from '../net/outbox/leaving';
import { api } from '../api/api';
import { forgetAll } from './remembered';

/**
 * The server is asked first: as long as it has not let the token go, nothing is forgotten here.
 * Raises what a call raises.
 */
export async function leaveDevice(workshop: string, person: string): Promise<void> {
  await api.leave(workshop);
  await forgetEverything(workshop, person);
}

/** All that this device keeps of one person in one workshop. */
export async function forgetEverything(workshop: string, person: string): Promise<void> {
  await forgetWaiting(person);
  forgetStored(() => localStorage, workshop, person);
  forgetStored(() => sessionStorage, workshop, person);
  forgetAll(workshop);
}

/** Drafts, errands and whatever else was kept under the workshop or the person. */
function forgetStored(where: () => Storage, workshop: string, person: string): void {
  try {
    const storage = where(); // to ask for it may be forbidden already
    for (const key of Object.keys(storage)) {
      if (key.startsWith('hahmo_') && (key.includes(workshop) || key.includes(person)))
        storage.removeItem(key);
    }
  } catch {
    // Storage is forbidden: nothing is kept there.
  }
}
