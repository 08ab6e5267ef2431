import { recall, remember, rememberedKey, type RememberedWorkshop } from './remembered';

/** What a place is remembered with, beside whose it is. */
export type PlaceWords = Required<Pick<RememberedWorkshop, 'code' | 'title' | 'role'>>;

/**
 * One browser is one person in a workshop: whoever joins anew in another tab takes this tab's place,
 * and this tab never takes it back by itself.
 */
export class OwnPlace {
  readonly #workshop: string;
  readonly #person: string;
  #isTaken = $state(false);
  /** It has been ours; never so where storage is forbidden. */
  #wasOurs = false;

  constructor(workshop: string, person: string) {
    this.#workshop = workshop;
    this.#person = person;
  }

  /** Somebody else is in the workshop from this browser, or nobody any more. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** It is ours, under this name; but for who has left it or lost it meanwhile. `at`: now, ms. */
  keep(name: string, words: PlaceWords, at: number): void {
    if (this.#wasOurs && !this.#isOurs()) {
      this.#isTaken = true;
      return;
    }
    remember(this.#workshop, { me: { id: this.#person, name }, ...words, at });
    this.#wasOurs = this.#isOurs();
  }

  /** Another tab has changed what stands under this key of the storage; null: all of it. */
  onStorage(key: string | null): void {
    if (key === rememberedKey(this.#workshop)) this.#isTaken = !this.#isOurs();
  }

  #isOurs(): boolean {
    return recall(this.#workshop).me?.id === this.#person;
  }
}
