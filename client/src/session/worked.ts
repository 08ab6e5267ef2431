import type { Blanks } from '../document/blanks';
import type { Intents } from '../document/intents';
import type { Undo } from '../document/undo';
import type { Notice } from '../net/wire/wire';
import type { Replica } from '../replica/replica.svelte';
import type { ReadOnlyReason } from '../workshop/rights';
import type { GridView } from './grid.svelte';

/** What the verbs of a board act on. */
export interface Worked extends Replica {
  readonly mayWrite: boolean;
  readonly reason: ReadOnlyReason | null;
  readonly undo: Undo;
  readonly intents: Intents;
  readonly blanks: Blanks;
  readonly grid: GridView;
  readonly tell: (notice: Notice) => void;
}
