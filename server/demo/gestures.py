"""A simulated person's pointer and keyboard on one board, at the pace of a human."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from boards.document import Document
from boards.edits import add_note, add_theme, move_note, move_theme, retext, set_theme
from boards.order import Position
from boards.schema import NOTES, Note, note_text
from server.demo.peer import Peer

__all__ = ["Clock", "Cursor", "Gestures", "cursor_over"]

TICK = 0.1  # seconds between two positions of a pointer, as in the browser client
KEYS_PER_SECOND = 8.0
SENTENCE_PAUSE = 0.5  # seconds, after a comma or a full stop
GRIP = (100, 40)  # board units from a note's corner to where a hand takes hold of it


@dataclass(frozen=True)
class Clock:
    """How fast the simulated people live: at `speed` 2 all pauses are half as long."""

    speed: float = 1.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


@dataclass(frozen=True)
class Cursor:
    """Where a pointer is: board units from the top left of a zone."""

    zone: str
    x: float
    y: float


class Gestures:
    """What one person does on a board, step by step: others see it, and it ends tidily if cut."""

    def __init__(self, peer: Peer, *, dice: random.Random, clock: Clock) -> None:
        self._peer = peer
        self._dice = dice
        self._clock = clock
        self._cursor: Cursor | None = None

    async def point(self, goal: Cursor) -> None:
        """Glide to `goal`, quick at first and slow at the end; into another zone at once."""
        start = self._cursor
        if start is not None and start.zone == goal.zone:
            for part in motion(self._dice.uniform(0.4, 1.1)):
                self._put(between(start, goal, part))
                await self._clock.sleep(TICK)
        self._put(goal)

    async def write(
        self, text: str, *, author: str, zone: str, position: Position, color: str
    ) -> str:
        """Put a new note at `position`, type `text` into it, and return its id."""
        await self.point(cursor_over(zone, position))
        note = self._peer.edit(
            partial(
                add_note,
                board=self._peer.board,
                zone=zone,
                text="",
                color=color,
                author=author,
                position=position,
                at=time.time_ns() // 1_000_000,
            )
        )
        await self.type(note, text)
        return note

    async def type(self, note: str, text: str) -> None:
        """Type `text` at the end of a note, key by key; whatever others write there stays."""
        left = text
        try:
            for key in text:
                self._show(edit=note)
                self._peer.edit(partial(append, note=note, text=key))
                left = left[1:]
                await self._clock.sleep(self._key_time(key))
        finally:
            if left:  # cut short: nobody leaves half a word behind
                self._peer.edit(partial(append, note=note, text=left))
            self._show()

    async def drag(self, note: Note, goal: Position) -> None:
        """Take a placed note by hand and lay it down at `goal`, within its zone."""
        if note.position is None:
            return
        await self.point(cursor_over(note.zone, note.position))
        x, y = note.position
        try:
            for part in motion(self._dice.uniform(0.6, 1.4)):
                dx, dy = round((goal[0] - x) * part), round((goal[1] - y) * part)
                self._cursor = cursor_over(note.zone, (x + dx, y + dy))
                self._show(drag={"ids": [note.id], "dx": dx, "dy": dy})
                await self._clock.sleep(TICK)
            self._peer.edit(
                partial(
                    move_note,
                    board=self._peer.board,
                    note=note.id,
                    zone=note.zone,
                    position=goal,
                )
            )
        finally:
            self._show()

    async def gather(self, note: Note, onto: Note, name: str) -> None:
        """Take a placed note onto another one, so that both stand under a theme of this name."""
        if note.position is None or onto.position is None:
            return
        await self.drag(note, onto.position)
        self._peer.edit(
            partial(
                gather,
                board=self._peer.board,
                notes=(note.id, onto.id),
                name=name,
                zone=onto.zone,
                position=onto.position,
            )
        )

    def _put(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._show()

    def _show(self, **doing: object) -> None:
        state = dict(doing)
        if self._cursor is not None:
            zone, x, y = self._cursor.zone, round(self._cursor.x), round(self._cursor.y)
            state["cursor"] = {"zone": zone, "x": x, "y": y}
        self._peer.show(state)

    def _key_time(self, key: str) -> float:
        pause = SENTENCE_PAUSE if re.fullmatch(r"[,.:!?]", key) else 0.0
        return self._dice.uniform(0.5, 1.5) / KEYS_PER_SECOND + pause


def gather(
    document: Document, board: str, notes: Iterable[str], name: str, zone: str, position: Position
) -> None:
    """Make a theme of some notes; of one that is left of them, nothing."""
    root = document.root(NOTES)
    standing = [note for note in notes if note_text(root.get(note)) is not None]
    if len(standing) < 2:
        return
    theme = add_theme(document, name=name, zone=zone)
    move_theme(document, board, theme, zone=zone, position=position)
    for note in standing:
        set_theme(document, note, theme)


def append(document: Document, note: str, text: str) -> None:
    """Add to the end of a note; to one that is gone, nothing."""
    held = note_text(document.root(NOTES).get(note))
    if held is not None:
        retext(document, note, str(held) + text)


def motion(seconds: float) -> Iterator[float]:
    """Parts of the way from 0 to 1, a tick apart, slowing down towards the end."""
    steps = max(2, round(seconds / TICK))
    for step in range(1, steps + 1):
        yield 1 - (1 - step / steps) ** 2


def between(start: Cursor, goal: Cursor, part: float) -> Cursor:
    x = start.x + (goal.x - start.x) * part
    y = start.y + (goal.y - start.y) * part
    return Cursor(goal.zone, x, y)


def cursor_over(zone: str, position: Position) -> Cursor:
    """Where a hand holds a note that stands at `position`."""
    return Cursor(zone, position[0] + GRIP[0], position[1] + GRIP[1])
