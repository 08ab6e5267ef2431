/** Drawing "this became that" with the pointer: from a note's handle to the other cell of its row. */
import { otherCell, linkNotes, linkNewNote } from '../session/became-links.svelte';
import type { Point } from '../layout/layout';
import { announce } from '../browser/announce.svelte';
import { t } from '../i18n/i18n';
import type { Scene } from './scene.svelte';
import { touching } from './spatial';

/** From where a new note is grabbed to its corner. */
const GRIP: Point = { x: -100, y: -30 };

/** Let go at a point: on a note of the other cell they are linked, elsewhere in it a new one is. */
export function dropLink(scene: Scene, note: string, at: Point): void {
  const { session } = scene;
  const cell = otherCell(session, note);
  if (!cell || scene.zoneUnder(at) !== cell.zone) return;
  const there = new Set(cell.zone.items.map(({ id }) => id));
  const [met] = touching(scene.boxes(), { ...at, width: 1, height: 1 }).filter((id) =>
    there.has(id),
  );
  const box = scene.board.zones.get(cell.zone.spec.id);
  if (met !== undefined) {
    linkNotes(session, note, met);
    announce(t('became.tied'));
  } else if (box) {
    const x = Math.max(8, at.x + GRIP.x - box.x);
    const y = Math.max(8, at.y + GRIP.y - box.fieldY);
    linkNewNote(session, note, { x, y });
  }
}
