import { untrack } from 'svelte';
import { boundsInWords } from '../session/may-change';
import type { BoardSession } from '../session/session.svelte';
import { announce } from '../browser/announce.svelte';
import { serverClock } from '../api/server-clock';
import type { Announcement, Desk } from '../workshop/desk';
import { newsSince, type Scene } from './spoken';

interface Sources {
  readonly desk: () => Desk | null;
  readonly session: () => BoardSession | null;
  readonly message: () => Announcement | null;
  readonly groupMessage: () => Announcement | null;
}

/** Say what the facilitator does, once each. Called while mounting; `desk`: null until it is there. */
export function followScene({ desk, session, message, groupMessage }: Sources): void {
  let before: Scene | null = null;
  $effect(() => {
    const now = desk();
    if (!now) return;
    const scene = sceneOf(now, session(), message(), groupMessage());
    const news = newsSince(before, scene, serverClock.now());
    before = scene;
    untrack(() => news.forEach(announce));
  });
}

function sceneOf(
  desk: Desk,
  session: BoardSession | null,
  message: Announcement | null,
  groupMessage: Announcement | null,
): Scene {
  const voting = session?.voting() ?? null;
  return {
    board: session?.board.id ?? null,
    reason: session?.reason ?? null,
    bounds: session ? boundsInWords(session) : '',
    voting,
    left: voting && session?.mayWrite ? session.votes.left(voting) : null,
    timer: desk.timer,
    message,
    groupMessage,
  };
}
