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
  if (met !== undefined) {
    linkNotes(session, note, met);
    announce(t('became.tied'));
  } else {
    const place = scene.placeIn(cell.zone.spec.id, { x: at.x + GRIP.x, y: at.y + GRIP.y });
    if (place) linkNewNote(session, note, place);
  }
}
