import { blockade } from '../net/blockade';

/** The network of this page, as the screen shows it. */
class Line {
  /** Pages come through, live connections do not. */
  blocked = $state(blockade.blocked);

  constructor() {
    blockade.onChange(() => (this.blocked = blockade.blocked));
  }

  /** What somebody who looks after the network has to let through. */
  get address(): string {
    return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`;
  }
}

export const line = new Line();
