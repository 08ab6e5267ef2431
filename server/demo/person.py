"""What a simulated person does: goes where the workshop is, and writes, moves, votes, looks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil

from boards.desk import Desk, DeskBoard, read_desk
from boards.edits import Position, delete_note, recolour, vote
from boards.schema import COLORS, Board, Note, is_number, read_board
from server.demo.hands import Clock, Cursor, Hands, over
from server.demo.peer import Peer, PeerRefused
from server.demo.texts import Pile, Texts

__all__ = ["SimulatedPerson", "free_place", "whereabouts"]

NOTE_PITCH = 220  # board units from one column of notes to the next
COLUMNS = 4
GAP = 20
FOR_EVER = 86_400.0  # seconds; a server that is away comes back, or somebody ends the demo
GRACE = 5.0  # seconds in which a sentence may be ended when the group moves on
CROWDED = 70  # notes on a board; from there on nobody writes, and people clear theirs away
SPARE = 0.85  # how crowded a board must be before anybody clears anything away
NOTE_ROOM = 155  # board units that a note may need in the end, with a remark
TRIES = 4  # to find a place that nobody takes while the hand is on its way
DOTS = 5  # votes of one person on one board
LONG_NOTE = 110  # characters; a longer note gets no remark


@dataclass
class SimulatedPerson:
    """A participant: `person` and `token` as the join call gave them.

    `zones`: the zones of a board, by its key. `piles`: the texts by zone, shared by everybody, so
    that no two write the same.
    """

    server: str
    workshop: str
    person: str
    token: str
    texts: Texts
    piles: dict[str, Pile]
    zones: Mapping[str, Sequence[str]]
    dice: random.Random
    clock: Clock
    colour: str = ""
    _voted: set[str] = field(default_factory=set)

    async def take_part(self) -> None:
        """Follow the desk from board to board, until cancelled or shown out of the workshop."""
        self.colour = self.colour or self.dice.choice(COLORS)
        desk = self._peer(self.workshop).open()
        try:
            while True:
                await self._stay(desk, whereabouts(read_desk(desk.document), self.person))
        except PeerRefused:
            return
        finally:
            await desk.close()

    def _peer(self, board: str, lineage: str | None = None) -> Peer:
        return Peer(self.server, board, token=self.token, lineage=lineage)

    async def _stay(self, desk: Peer, board: DeskBoard | None) -> None:
        """Be on `board` until the desk sends us elsewhere."""
        moving = asyncio.create_task(self._sent_elsewhere(desk, board))
        working = asyncio.create_task(self._work_on(board, desk, moving)) if board else moving
        try:
            await moving
            await asyncio.wait([working], timeout=GRACE / self.clock.speed)
        finally:
            moving.cancel()
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _sent_elsewhere(self, desk: Peer, board: DeskBoard | None) -> None:
        while whereabouts(read_desk(desk.document), self.person) == board:
            if desk.refused:
                raise desk.refused
            await desk.changed()

    async def _work_on(self, board: DeskBoard, desk: Peer, moving: asyncio.Task[None]) -> None:
        """One thing after the other, with pauses as people make them."""
        self._voted.clear()
        peer = self._peer(board.id, board.lineage).open()
        hands = Hands(peer, dice=self.dice, clock=self.clock)
        try:
            await peer.until(lambda: peer.synced, deadline=FOR_EVER)
            while not moving.done() and not peer.refused:
                await self._act(board, peer, hands, hurry=time_is_up(read_desk(desk.document)))
                await self.clock.sleep(self.dice.uniform(0.5, 3.5))
        except PeerRefused:
            return  # closed in front of us: the desk tells where to go next
        finally:
            await peer.close()

    async def _act(self, board: DeskBoard, peer: Peer, hands: Hands, *, hurry: bool) -> None:
        """One thing, chosen by chance; in a `hurry` nothing is begun that takes long."""
        state = read_board(peer.document, board.id, board.kind, board.key)
        zone = self.dice.choice(self.zones[board.key])
        here = [note for note in state.notes if note.zone == zone]
        crowd = len(state.notes) / CROWDED
        deeds: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (
                0 if hurry else 5 * max(0.0, 1 - crowd),
                partial(self._write, board, peer, hands, zone),
            ),
            (2, partial(self._move, hands, here)),
            (2, partial(self._vote, peer, hands, here)),
            (0 if hurry else 1, partial(self._remark, peer, hands, here)),
            (0.5, partial(self._recolour, peer, hands, here)),
            (8 * max(0.0, crowd - SPARE), partial(self._clear_away, peer, state)),
            (2, partial(self._look, hands, zone)),
        ]
        weights = [weight for weight, _ in deeds]
        await self.dice.choices([deed for _, deed in deeds], weights)[0]()

    # -- deeds --------------------------------------------------------------------------------

    async def _write(self, board: DeskBoard, peer: Peer, hands: Hands, zone: str) -> None:
        if zone not in self.piles:
            self.piles[zone] = Pile(self.texts.notes_for(zone), self.dice)
        await hands.write(
            self.piles[zone].draw(),
            author=self.person,
            zone=zone,
            position=await self._find_place(board, peer, hands, zone),
            color=self.colour,
        )

    async def _find_place(self, board: DeskBoard, peer: Peer, hands: Hands, zone: str) -> Position:
        """Go where there is room for a note, elsewhere if somebody else is quicker."""
        for _ in range(TRIES):
            place = self._free_place(board, peer, zone)
            await hands.point(over(zone, place))
            if is_free(place, notes_in(peer, board, zone)):
                break
        return place

    def _free_place(self, board: DeskBoard, peer: Peer, zone: str) -> Position:
        return free_place(notes_in(peer, board, zone), pointed_at(peer, zone), self.dice)

    async def _move(self, hands: Hands, here: Sequence[Note]) -> None:
        placed = [note for note in here if note.position is not None]
        if placed:
            note = self.dice.choice(placed)
            others = [other for other in here if other is not note]
            await hands.drag(note, free_place(others, [], self.dice))

    async def _vote(self, peer: Peer, hands: Hands, here: Sequence[Note]) -> None:
        open_to_us = [note for note in here if note.text and note.id not in self._voted]
        if open_to_us and len(self._voted) < DOTS:
            note = self.dice.choice(open_to_us)
            await self._point_at(hands, note)
            peer.edit(partial(vote, note=note.id, person=self.person, dots=1))
            self._voted.add(note.id)

    async def _remark(self, peer: Peer, hands: Hands, here: Sequence[Note]) -> None:
        in_work = {state.get("edit") for state in peer.others.values()}
        plain = [
            note
            for note in here
            if 20 < len(note.text) < LONG_NOTE
            and note.id not in in_work
            and not any(remark in note.text for remark in self.texts.remarks)
        ]
        if plain:
            note = self.dice.choice(plain)
            await self._point_at(hands, note)
            await hands.type(note.id, " " + self.dice.choice(self.texts.remarks))

    async def _recolour(self, peer: Peer, hands: Hands, here: Sequence[Note]) -> None:
        own = [note for note in here if note.author == self.person]
        if own:
            note = self.dice.choice(own)
            await self._point_at(hands, note)
            peer.edit(partial(recolour, note=note.id, color=self.dice.choice(COLORS)))

    async def _clear_away(self, peer: Peer, state: Board) -> None:
        own = [note for note in state.notes if note.author == self.person]
        if own:
            oldest = min(own, key=lambda note: note.at)
            peer.edit(partial(delete_note, note=oldest.id))

    async def _look(self, hands: Hands, zone: str) -> None:
        x, y = self.dice.uniform(0, COLUMNS * NOTE_PITCH), self.dice.uniform(0, 600)
        await hands.point(Cursor(zone, x, y))

    async def _point_at(self, hands: Hands, note: Note) -> None:
        if note.position is not None:
            x, y = note.position
            await hands.point(Cursor(note.zone, x + 150, y + 60))


def whereabouts(desk: Desk, person: str) -> DeskBoard | None:
    """The board where a participant belongs now: their group's, else the one all are led to.

    None where people do not write notes, so that a simulated person has nothing to do there.
    """
    listed = {board.id: board for board in desk.boards}
    for breakout in reversed(desk.breakouts):
        for group in breakout.groups:
            if breakout.state == "open" and person in group.people:
                return listed.get(group.board)
    shared = [board for board in desk.boards if board.group is None and board.kind == "notes"]
    led_to = listed.get(desk.board or "")
    board = led_to or next(iter(shared), None)
    if board is None or board.kind not in ("notes", "grid") or desk.locks.get(board.id):
        return None
    return board


def time_is_up(desk: Desk) -> bool:
    """Whether the facilitator's timer has run out."""
    timer = desk.timer
    return timer is not None and timer.paused is None and timer.ends <= time.time() * 1000


def notes_in(peer: Peer, board: DeskBoard, zone: str) -> list[Note]:
    state = read_board(peer.document, board.id, board.kind, board.key)
    return [note for note in state.notes if note.zone == zone]


def pointed_at(peer: Peer, zone: str) -> list[Position]:
    """Where the others' pointers are in a zone: nobody writes under another's hand."""
    cursors = [state.get("cursor") for state in peer.others.values()]
    return [
        (round(cursor["x"]), round(cursor["y"]))
        for cursor in cursors
        if isinstance(cursor, dict)
        and cursor.get("zone") == zone
        and is_number(cursor.get("x"))
        and is_number(cursor.get("y"))
    ]


def free_place(notes: Sequence[Note], hands: Sequence[Position], dice: random.Random) -> Position:
    """A place for one more note, under the others in one of the shorter columns of its zone."""
    ends = [GAP] * COLUMNS
    for note in notes:
        if note.position is not None:
            x, y = note.position
            end = y + max(NOTE_ROOM, height_of(note.text)) + GAP
            ends[column_of(x)] = max(ends[column_of(x)], end)
    busy = {column_of(x) for x, y in hands if y > ends[column_of(x)] - GAP}
    free = [column for column in range(COLUMNS) if column not in busy] or list(range(COLUMNS))
    column = dice.choice(sorted(free, key=lambda index: ends[index])[:2])
    return (GAP + column * NOTE_PITCH + dice.randint(-8, 8), ends[column] + dice.randint(-4, 8))


def is_free(place: Position, notes: Sequence[Note]) -> bool:
    """Whether no note would be covered by one at `place`."""
    return not any(
        abs(note.position[0] - place[0]) < NOTE_PITCH - GAP
        and abs(note.position[1] - place[1]) < height_of("")
        for note in notes
        if note.position is not None
    )


def column_of(x: float) -> int:
    return min(COLUMNS - 1, max(0, round((x - GAP) / NOTE_PITCH)))


def height_of(text: str) -> int:
    """About how tall the browser draws a note, board units."""
    return max(92, 28 + 21 * ceil(len(text) / 19))
