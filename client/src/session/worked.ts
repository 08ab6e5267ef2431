import type { Blanks } from '../document/blanks';
import type { NoteEdits } from '../document/edits';
import type { Undo } from '../document/undo';
import type { Notice } from '../net/wire/wire';
import type { Replica } from '../replica/replica.svelte';
import type { BoardRights, LockedParts } from '../workshop/desk';
import type { ReadOnlyReason } from '../workshop/rights';
import type { GridView } from './grid.svelte';

/** What the verbs of a board act on. */
export interface Worked extends Replica {
  readonly mayWrite: boolean;
  readonly reason: ReadOnlyReason | null;
  /** What one may do with notes, as far as one may write. */
  readonly bounds: BoardRights;
  /** Zones and notes that participants may not change. */
  readonly locked: LockedParts;
  /** How many notes here are one's own; counted only where that is bound. */
  readonly own: number;
  readonly undo: Undo;
  readonly edits: NoteEdits;
  readonly blanks: Blanks;
  readonly grid: GridView;
  readonly tell: (notice: Notice) => void;
}
