"""What a simulated person does: goes where the workshop is, and writes, moves, votes, looks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from math import ceil

from boards.desk import Desk, DeskBoard, read_desk
from boards.edits import delete_note, recolour, vote
from boards.order import Position
from boards.schema import COLORS, Board, Note, is_number, read_board
from server.demo.gestures import Clock, Cursor, Gestures, cursor_over
from server.demo.peer import Peer, PeerRefused
from server.demo.texts import ShuffledTexts, Texts

__all__ = ["SimulatedPerson", "free_place", "whereabouts"]

NOTE_PITCH = 220  # board units from one column of notes to the next
ROW_PITCH = 165
COLUMNS = 4
GAP = 20
NOTE_ROOM = 150  # board units that a note may be tall in the end, with a remark
CHOICE = 3  # a person writes in one of so many first free places
TRIES = 4  # to find a place that nobody takes while the hand is on its way
GRACE = 5.0  # seconds in which a sentence may be ended when the group moves on
FOR_EVER = 86_400.0  # seconds; a server that is away comes back, or somebody ends the demo
PAUSE = (0.8, 5.0)  # seconds between one thing and the next
FULL = 44  # notes on a board; from there on nobody writes more
TIDY = 26  # notes on a shared board; what is over, people clear away between two rounds
LONG_NOTE = 110  # characters; a longer note gets no remark


@dataclass
class SimulatedPerson:
    """A participant: `person` and `token` as the join call gave them.

    `zones`: the zones of a board, by its key. `shuffled`: texts by zone, shared by everybody, so
    that no two write the same.
    """

    server: str
    workshop: str
    person: str
    token: str
    texts: Texts
    shuffled: dict[str, ShuffledTexts]
    zones: Mapping[str, Sequence[str]]
    dice: random.Random
    clock: Clock
    colour: str = ""
    _voted: set[str] = field(default_factory=set)

    async def take_part(self) -> None:
        """Follow the desk from board to board, until cancelled or shown out of the workshop."""
        self.colour = self.colour or self.dice.choice(COLORS)
        desk = self._peer(self.workshop).open()
        desk.show({})  # present, wherever in the workshop
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
        gestures = Gestures(peer, dice=self.dice, clock=self.clock)
        try:
            await peer.until(lambda: peer.synced, deadline=FOR_EVER)
            while not moving.done() and not peer.refused:
                await self._act(board, peer, gestures, desk=read_desk(desk.document))
                await self.clock.sleep(self.dice.uniform(*PAUSE))
        except PeerRefused:
            return  # closed in front of us: the desk tells where to go next
        finally:
            await peer.close()

    async def _act(self, board: DeskBoard, peer: Peer, gestures: Gestures, *, desk: Desk) -> None:
        """One thing, chosen by chance; when time is up nothing is begun that takes long."""
        hurry, dots = time_is_up(desk), dots_on(desk, board)
        state = read_board(peer.document, board.id, board.kind, board.key)
        zone = self.dice.choice(self.zones[board.key])
        here = [note for note in state.notes if note.zone == zone]
        standing = len(state.notes)
        room = 0 if hurry else max(0.0, 1 - standing / FULL)
        surplus = 0 if board.group else max(0.0, standing / TIDY - 1)
        deeds: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (6 * room, partial(self._write, board, peer, gestures, zone)),
            (1.5, partial(self._move, board, peer, gestures, here)),
            (2, partial(self._vote, peer, gestures, here, dots)),
            (0 if hurry else 1, partial(self._remark, peer, gestures, here)),
            (0.3, partial(self._recolour, peer, gestures, here)),
            (0.2, partial(self._gather, state, gestures, here)),
            (4 * surplus, partial(self._clear_away, peer, state)),
            (2.5, partial(self._look, gestures, zone)),
        ]
        weights = [weight for weight, _ in deeds]
        await self.dice.choices([deed for _, deed in deeds], weights)[0]()

    # -- deeds --------------------------------------------------------------------------------

    async def _write(self, board: DeskBoard, peer: Peer, gestures: Gestures, zone: str) -> None:
        text = self._texts(zone).draw()
        if text is not None:
            await gestures.write(
                text,
                author=self.person,
                zone=zone,
                position=await self._find_place(board, peer, gestures, zone),
                color=self.colour,
            )

    def _texts(self, zone: str) -> ShuffledTexts:
        if zone not in self.shuffled:
            self.shuffled[zone] = ShuffledTexts(self.texts.notes_for(zone), self.dice)
        return self.shuffled[zone]

    async def _find_place(
        self, board: DeskBoard, peer: Peer, gestures: Gestures, zone: str
    ) -> Position:
        """Go where there is room for a note, elsewhere if somebody else is quicker."""
        for _ in range(TRIES):
            place = self._free_place(board, peer, zone)
            await gestures.point(cursor_over(zone, place))
            if is_free(place, notes_in(peer, board, zone)):
                break
        return place

    def _free_place(self, board: DeskBoard, peer: Peer, zone: str) -> Position:
        return free_place(notes_in(peer, board, zone), pointed_at(peer, zone), self.dice)

    async def _move(
        self, board: DeskBoard, peer: Peer, gestures: Gestures, here: Sequence[Note]
    ) -> None:
        in_work = {state.get("edit") for state in peer.others.values()}
        placed = [note for note in here if note.position is not None and note.id not in in_work]
        if placed:
            note = self.dice.choice(placed)
            await gestures.drag(note, self._free_place(board, peer, note.zone))

    async def _vote(self, peer: Peer, gestures: Gestures, here: Sequence[Note], dots: int) -> None:
        open_to_us = [note for note in here if note.text and note.id not in self._voted]
        if open_to_us and len(self._voted) < dots:
            note = self.dice.choice(open_to_us)
            await self._point_at(gestures, note)
            peer.edit(partial(vote, note=note.id, person=self.person, dots=1))
            self._voted.add(note.id)

    async def _remark(self, peer: Peer, gestures: Gestures, here: Sequence[Note]) -> None:
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
            await self._point_at(gestures, note)
            await gestures.type(note.id, " " + self.dice.choice(self.texts.remarks))

    async def _recolour(self, peer: Peer, gestures: Gestures, here: Sequence[Note]) -> None:
        own = [note for note in here if note.author == self.person]
        if own:
            note = self.dice.choice(own)
            await self._point_at(gestures, note)
            peer.edit(partial(recolour, note=note.id, color=self.dice.choice(COLORS)))

    async def _gather(self, state: Board, gestures: Gestures, here: Sequence[Note]) -> None:
        """Put two notes together, under a name that no theme has yet."""
        loose = [note for note in here if note.position is not None]
        taken = {theme.name for theme in state.themes}
        names = [name for name in self.texts.themes if name not in taken]
        if len(loose) > 1 and names:
            note, onto = self.dice.sample(loose, 2)
            await gestures.gather(note, onto, self.dice.choice(names))

    async def _clear_away(self, peer: Peer, state: Board) -> None:
        own = [note for note in state.notes if note.author == self.person]
        if own:
            oldest = min(own, key=lambda note: note.at)
            peer.edit(partial(delete_note, note=oldest.id))
            self._texts(oldest.zone).put_back(oldest.text)

    async def _look(self, gestures: Gestures, zone: str) -> None:
        x, y = self.dice.uniform(0, COLUMNS * NOTE_PITCH), self.dice.uniform(0, 600)
        await gestures.point(Cursor(zone, x, y))

    async def _point_at(self, gestures: Gestures, note: Note) -> None:
        if note.position is not None:
            x, y = note.position
            await gestures.point(Cursor(note.zone, x + 150, y + 60))


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


def dots_on(desk: Desk, board: DeskBoard) -> int:
    """How many dots one has on a board; 0 while nobody votes there."""
    base = next((b.board for b in desk.breakouts if b.id == board.breakout), board.id)
    how = desk.votes.get(base)
    return how.dots if how is not None and how.open else 0


def notes_in(peer: Peer, board: DeskBoard, zone: str) -> list[Note]:
    state = read_board(peer.document, board.id, board.kind, board.key)
    return [note for note in state.notes if note.zone == zone]


def pointed_at(peer: Peer, zone: str) -> list[Position]:
    """Where the others' pointers are in a zone: nobody writes under another's pointer."""
    cursors = [state.get("cursor") for state in peer.others.values()]
    return [
        (round(cursor["x"]), round(cursor["y"]))
        for cursor in cursors
        if isinstance(cursor, dict)
        and cursor.get("zone") == zone
        and is_number(cursor.get("x"))
        and is_number(cursor.get("y"))
    ]


def free_place(
    notes: Sequence[Note], pointers: Sequence[Position], dice: random.Random
) -> Position:
    """A place for one more note in its zone: one of the first, not under anybody's pointer."""
    free = (place for place in cells() if is_free(place, notes))
    ours = (place for place in free if not any(is_over(pointer, place) for pointer in pointers))
    x, y = dice.choice(list(islice(ours, CHOICE)))
    return x + dice.randint(-6, 6), y + dice.randint(-6, 6)


def cells() -> Iterator[Position]:
    """Places for notes, row by row, without end."""
    for row in count():
        for column in range(COLUMNS):
            yield GAP + column * NOTE_PITCH, GAP + row * ROW_PITCH


def is_free(place: Position, notes: Sequence[Note]) -> bool:
    """Whether a note at `place` would neither cover another nor be covered, give or take a bit."""
    x, y = place
    return not any(
        abs(note.position[0] - x) < NOTE_PITCH - GAP
        and y - tall(note) < note.position[1] < y + NOTE_ROOM
        for note in notes
        if note.position is not None
    )


def is_over(pointer: Position, place: Position) -> bool:
    return 0 <= pointer[0] - place[0] < NOTE_PITCH and 0 <= pointer[1] - place[1] < ROW_PITCH


def tall(note: Note) -> int:
    """About how tall the browser draws a note, or will once it is written; board units."""
    return max(NOTE_ROOM, 28 + 21 * ceil(len(note.text) / 19))
