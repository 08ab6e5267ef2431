/** How large a wall's text is: as large as all of it fits, and where it does not, in pages. */

export interface Fit {
  /** Of the text, CSS pixels. */
  readonly size: number;
  /** Columns side by side on one page. */
  readonly columns: number;
  readonly pages: number;
}

export interface Room {
  /** CSS pixels. */
  readonly width: number;
  readonly gap: number;
  /** What stands beside each other where there is room. */
  readonly sections: number;
}

/** CSS pixels, the largest first. The last one is read from the far end of a room. */
export const SIZES = [56, 48, 42, 36, 32, 28, 25, 22, 20] as const;
const LEAST_EM = 11; // of a column
const MOST_EM = 26;
/** So much larger it has to become before it does: text that jumps while one writes is hard to read. */
const WORTH = 1.3;

/**
 * `pagesAt`: on how many pages it stands so, as measured. `before`: how it stands now, which holds
 * while it serves.
 */
export function fitOf(
  room: Room,
  pagesAt: (size: number, columns: number) => number,
  before: Fit | null,
): Fit {
  const best = bestOf(room, pagesAt);
  if (!before || best.pages > 1 || best.size >= before.size * WORTH) return best;
  if (columnsOf(room, before.size).most < before.columns) return best;
  return pagesAt(before.size, before.columns) === 1 ? { ...before, pages: 1 } : best;
}

function bestOf(room: Room, pagesAt: (size: number, columns: number) => number): Fit {
  for (const size of SIZES) {
    const { least, most } = columnsOf(room, size);
    for (let columns = least; columns <= most; columns += 1)
      if (pagesAt(size, columns) === 1) return { size, columns, pages: 1 };
  }
  const size = SIZES[SIZES.length - 1] ?? 20;
  const { most: columns } = columnsOf(room, size);
  return { size, columns, pages: pagesAt(size, columns) };
}

function columnsOf({ width, gap, sections }: Room, size: number): { least: number; most: number } {
  const most = Math.max(1, Math.floor((width + gap) / (size * LEAST_EM + gap)));
  const readable = Math.ceil((width + gap) / (size * MOST_EM + gap));
  return { least: Math.min(most, Math.max(1, sections, readable)), most };
}
