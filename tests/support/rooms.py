"""Clients of a room without sockets: real documents, frames by hand, sent ones kept in a list."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from boards import edits
from boards.document import Document
from boards.schema import Board, read_board
from server.errors import ServiceError
from server.metrics import Timings
from server.store import Commit, NewBoard, Store
from server.store.memory import MemoryStore
from server.sync.access import Access
from server.sync.clock import Clock
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = [
    "BOARD",
    "LIMITS",
    "Client",
    "WORKSHOP",
    "Recorder",
    "access",
    "board_rooms",
    "committed",
    "facilitator",
    "read_only",
    "settled",
    "write",
]

BOARD = "board"
WORKSHOP = "w"
LIMITS = SyncLimits(messages_per_second=0, commit_seconds=0.0)
numbers = itertools.count(1)


def access(person: str = "", *, may_write: bool = True, board: str = BOARD) -> Access:
    person = person or f"person{next(numbers)}"
    return Access(
        board=board,
        workshop=WORKSHOP,
        person=person,
        name=person.title(),
        role="participant",
        color=0,
        may_write=may_write,
        kind="notes",
        key="phenomena",
        lineage="line",
    )


@asynccontextmanager
async def board_rooms(
    store: Store | None = None,
    limits: SyncLimits = LIMITS,
    *,
    create: bool = True,
    timings: Timings | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Rooms]:
    """Rooms over a store (memory unless told) that holds one empty board, BOARD."""
    store = store or MemoryStore()
    await store.open()
    if create:
        await store.commit(
            Commit(WORKSHOP, creates=[NewBoard(BOARD, "line", Document().get_update())])
        )
    rooms = Rooms(store, limits, timings, clock)
    rooms.start()
    try:
        yield rooms
    finally:
        await rooms.stop()
        await store.close()


class Recorder:
    """An outbox that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.error: ServiceError | None = None

    def post(self, *outgoing: Outgoing) -> None:
        for one in outgoing:
            self.messages += one.messages

    def close(self, error: ServiceError) -> None:
        self.error = error


class Client:
    """One browser: its own document, its connection, and what it was told."""

    def __init__(
        self,
        room: Room,
        who: Access | None = None,
        *,
        limits: SyncLimits = LIMITS,
        stock: bool = False,
    ):
        """`stock`: as y-websocket is, which asks for no frames of ours."""
        self.room = room
        self.document = Document()
        self.access = who or access()
        self.stock = stock
        self.acked = 0
        self.reconnect(limits)

    def reconnect(self, limits: SyncLimits = LIMITS) -> None:
        self.outbox = Recorder()
        self.connection = Connection(
            self.access, self.outbox, limits, self.room.clock, wants_acks=not self.stock
        )
        self.acked = 0
        self.standing: messages.Standing | None = None  # as it was told last
        self.not_taken: list[int] = []  # numbers of messages
        self.notices: list[tuple[int, dict[str, Any]]] = []
        self.room.join(self.connection)

    @property
    def error(self) -> ServiceError | None:
        return self.outbox.error

    def send(self, frame: bytes) -> None:
        self.room.receive(self.connection, frame)

    def send_update(self, update: bytes) -> None:
        self.send(messages.update(update))

    def ask(self) -> None:
        self.send(messages.sync_step1(self.document.get_state_vector()))

    def hear(self) -> list[messages.Message]:
        """Take in all that came: updates into the document, questions answered, acks noted."""
        heard = []
        came, self.outbox.messages = self.outbox.messages, []
        for message in came:
            if message[0] == messages.ACK:
                self.acked = messages.read_var_uint(message, 1)[0]
                continue
            if message[0] == messages.STANDING:
                self.standing = messages.read_standing(message)
                if self.standing.number:
                    assert self.standing.number > self.acked, "told too late"
                    self.not_taken.append(self.standing.number)
                continue
            if message[0] == messages.NOTICE:
                self.notices.append(messages.read_notice(message))
                continue
            decoded = messages.decode(message)
            heard.append(decoded)
            match decoded:
                case messages.Update(update) | messages.SyncStep2(update):
                    self.document.apply_update(update)
                case messages.SyncStep1(state_vector):
                    self.send(messages.sync_step2(self.document.get_update(state_vector)))
        return heard

    def sync(self) -> None:
        """Ask, and answer what the server asks back."""
        self.ask()
        self.hear()

    def board(self) -> Board:
        return read_board(self.document, BOARD, "notes", "phenomena")

    def texts(self) -> list[str]:
        return sorted(note.text for note in self.board().notes)


def facilitator() -> Access:
    return replace(access("lead"), role="facilitator")


def read_only(who: Access) -> Access:
    return replace(who, may_write=False)


def write(client: Client, text: str = "hei") -> bytes:
    """Add a note in the client's own document; its update."""
    document = client.document
    return document.record(
        lambda: edits.add_note(
            document, BOARD, zone="challenges", text=text, author=client.access.person, at=1
        )
    )[1]


async def settled(rooms: Rooms) -> None:
    """Everything sent so far is checked, committed and told."""
    async with asyncio.timeout(30):
        for room in rooms._rooms.values():
            await checked(room)
    await committed(rooms)


async def committed(rooms: Rooms) -> None:
    """Everything accepted so far is committed and told."""
    for workshop in {room.workshop for room in rooms._rooms.values()}:
        await rooms.committer.commit(workshop)


async def checked(room: Room) -> None:
    """A large board is known, and what waited for that or is large has been served."""
    for _ in iter(lambda: room._places.filling or room.waits, False):
        await asyncio.sleep(0)
