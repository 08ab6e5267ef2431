/** How others come in: the address at which they can, and whether a picture of it leads there. */
import { leadApi, qrUrl } from '../../api/lead-api';
import { shownCode } from '../../text/codes';
import type { DeskState } from '../../navigation/desk.svelte';

/** The way into one workshop, as a wall shows it. */
export class WayIn {
  readonly #desk: DeskState;
  // Whoever sits at the server may be at localhost, where nobody else gets.
  #origin = $state(location.origin);
  /** A picture that leads somewhere. */
  #leads = $state(false);

  constructor(desk: DeskState) {
    this.#desk = desk;
    void leadApi.addresses(desk.workshop).then(
      ({ known, origins, only_here }) => {
        this.#leads = known && !only_here;
        if (known) this.#origin = origins[0] ?? location.origin;
      },
      () => undefined, // without an answer our own address stands, as good as it is
    );
  }

  get code(): string {
    return shownCode(this.#desk.now.join_code);
  }

  get address(): string {
    return this.#origin.replace(/^https?:\/\//, '');
  }

  get url(): string {
    return `${this.#origin}/j/${this.#desk.now.join_code}`;
  }

  /** Asked for again when the code has changed. */
  get qr(): string | null {
    const { workshop, now } = this.#desk;
    return this.#leads ? `${qrUrl(workshop, null)}#${now.join_code}` : null;
  }

  /** Participants who are here. */
  get here(): number {
    const { here, now } = this.#desk;
    return [...here].filter((id) => now.people[id]?.role === 'participant').length;
  }
}
