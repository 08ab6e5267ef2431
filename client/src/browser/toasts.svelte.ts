export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'problem';
  action?: ToastAction;
  topic?: string;
}

interface ToastOptions {
  kind?: Toast['kind'];
  action?: ToastAction;
  /** Seconds until it leaves by itself. A problem, or a toast with an action, stays until closed. */
  seconds?: number;
  /** A newer toast on the same topic takes the place of the older one. */
  topic?: string;
}

const SECONDS = 8;
const AT_MOST = 4;

/** Short messages at the edge of the screen; read aloud by their live region. */
class Toasts {
  all = $state.raw<readonly Toast[]>([]);
  #next = 1;

  show(text: string, options: ToastOptions = {}): number {
    const id = this.#next++;
    const toast: Toast = { id, text, kind: options.kind ?? 'info' };
    if (options.action) toast.action = options.action;
    if (options.topic) toast.topic = options.topic;
    // The same message need not stand there twice, but each offer to undo is an offer of its own.
    const others = this.all.filter(
      (other) =>
        !(other.topic && other.topic === options.topic) && (other.action || other.text !== text),
    );
    this.all = [...others, toast].slice(-AT_MOST);
    const stays = toast.kind === 'problem' || toast.action !== undefined;
    const seconds = options.seconds ?? (stays ? Infinity : SECONDS);
    if (seconds < Infinity) setTimeout(() => this.close(id), seconds * 1000);
    return id;
  }

  problem(text: string): number {
    return this.show(text, { kind: 'problem' });
  }

  /** The place that all of them spoke of is left for good. */
  clear(): void {
    this.all = [];
  }

  /** What a topic said is not so any more. */
  forget(topic: string): void {
    this.all = this.all.filter((toast) => toast.topic !== topic);
  }

  close(id: number): void {
    this.all = this.all.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
