"""A server that can die between any two steps, and replicas that it knows over bad connections.

Everything of the server is real: rooms, committer, compactor, SQLite file. Only the sockets are
two queues here, and a commit ends when the test says, so that every interleaving has its turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from boards import edits
from boards.breakout import fork
from boards.desk import Group
from boards.document import Document
from boards.edits import new_id
from boards.schema import NOTES, child, entries
from server.errors import ServiceError
from server.store import Commit, Misfit, NewBoard, StoredBoard, StoredCheckpoint
from server.store.sqlite.store import SqliteStore
from server.sync.commit import compactor
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from server.sync.wire import messages
from server.workshops.breakouts.merging import GroupWork, bring_home, written_down
from server.workshops.members import document_of
from server.workshops.records import fork_record, owner_record
from tests.support.rooms import Recorder, access

__all__ = ["BASE", "LIMITS", "Life", "Replica", "facts_of", "stored_documents"]

T = TypeVar("T")
Facts = frozenset[str]

BASE = "base"
LIMITS = SyncLimits(
    messages_per_second=0,
    commit_seconds=0.0,
    parked_seconds=3600.0,  # nobody is sent away because a test takes its time
    unload_seconds=0.0,
    rest_seconds=0.0,  # a document is let go whenever nothing waits
    log_updates=8,
    busy_log_updates=8,
    checkpoint_seconds=0.0,
)
TURNS = 12  # of the loop without anything new: more than any chain of callbacks is long


def facts_of(document: Document) -> Facts:
    """All that a board says: every word of every note, and what is deleted.

    A word that stands twice, as after an update that was applied twice, is a fact of its own.
    """
    facts = set()
    for note, fields in entries(document.root(NOTES)).items():
        for word in str(child(fields, "text")).split():
            name = f"{note} {word}"
            facts.add(f"{name} twice" if name in facts else name)
        if child(fields, "del"):
            facts.add(f"{note} deleted")
    return frozenset(facts)


async def stored_documents(folder: Path) -> dict[str, Document]:
    """Every board as the file has it, by a store of its own. Raises where one does not load."""
    store = SqliteStore(folder)
    await store.open()
    try:
        loaded = {board: await store.load(board) for board in await store.boards()}
    finally:
        await store.close()
    return {board: compactor.replay(stored) for board, stored in loaded.items() if stored}


class SteppedStore(SqliteStore):
    """Commits begin when the engine wants, and end when the test lets them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, synchronous="OFF")  # processes die here, not machines: R3 is those
        self.at_work = 0  # calls that the writer thread has not answered
        self.waiting = 0  # commits that wait to be let
        self.deaf = False  # what is written from now on, nobody hears of
        self.free = False  # commits wait for nobody
        self._may = asyncio.Semaphore(0)

    def let_one(self) -> None:
        self._may.release()

    def let_all(self) -> None:
        self.free = True
        for _ in range(self.waiting):
            self._may.release()

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
        if not self.free:
            self.waiting += 1
            await self._may.acquire()
            self.waiting -= 1
        self.at_work += 1
        try:
            outcomes = await super().commit_all(commits)
        finally:
            self.at_work -= 1
        if self.deaf:
            await asyncio.Event().wait()
        return outcomes

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self.at_work += 1
        try:
            return await super()._run(work)
        finally:
            self.at_work -= 1


async def replayed_here(stored: StoredBoard, **_: object) -> StoredCheckpoint:
    """A process for every checkpoint of every example would take too long."""
    return compactor.checkpoint_of(stored)


class Life:
    """One life of the server, from its start on `folder` to its end."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.run(self._start(folder))

    async def _start(self, folder: Path) -> None:
        self.store = SteppedStore(folder)
        await self.store.open()
        if not await self.store.boards():
            self.store.let_all()
            first = NewBoard(BASE, "line", Document().get_update())
            await self.store.commit(Commit("w", creates=[first]))
            self.store.free = False
        self.rooms = Rooms(self.store, LIMITS)
        self.rooms.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run it, and then whatever moves by itself."""

        async def and_then() -> T:
            result = await coroutine
            await self.quiet()
            return result

        return self._runner.run(and_then())

    async def quiet(self) -> None:
        """Until nothing moves unless we let it: threads have answered, tasks wait."""
        turns = 0
        while turns < TURNS:
            turns = 0 if self.store.at_work else turns + 1
            await asyncio.sleep(0)

    def begin(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start what may have to wait for a commit. To be called while the loop runs."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def commit(self) -> None:
        """Let the commit that waits, if one does, end; those whom it concerns are told."""

        async def let() -> None:
            if self.store.waiting:
                self.store.let_one()

        self.run(let())

    def die(self, *, written: bool) -> None:
        """Memory is gone. `written`: the commit that waits reaches the file, but nobody knows."""

        async def end() -> None:
            self.store.deaf = True
            if written and self.store.waiting:
                self.store.let_one()
            await self.quiet()
            await self.store.close()

        self._runner.run(end())
        self._runner.close()

    def stop(self) -> None:
        """The end in order, as by SIGTERM: what is pending is committed."""

        async def end() -> None:
            self.store.let_all()
            await self.rooms.stop()
            await self.store.close()

        self._runner.run(end())
        self._runner.close()

    # -- commands -----------------------------------------------------------------------------

    async def fork(self, name: str) -> Facts:
        """A group's board, made as opening a breakout makes it; what it then holds for sure."""
        async with self.rooms.hold(BASE) as room:
            copy = fork(document_of(room), BASE, name)
            await self.rooms.committer.commit(
                room.workshop,
                creates=[NewBoard(name, new_id(), copy.get_update())],
                puts=[fork_record(name, BASE), owner_record(name, copy.doc.client_id)],
            )
        return facts_of(copy)

    async def merge(self, name: str) -> Facts:
        """A group's work comes home; what the shared board then holds for sure."""
        async with self.rooms.hold(BASE) as base, self.rooms.hold(name) as room:
            early = await written_down(base, [room])
            facts = facts_of(document_of(room))
            works = [GroupWork(Group(id=name, name=name, board=name), room, None)]
            bring_home(base, works, early, [name])
            await self.rooms.committer.commit(base.workshop)
        return facts


@dataclass(eq=False)
class Replica:
    """A browser's copy of a board: what it wrote, sent, heard, and what of it is durable."""

    person: str
    board: str
    document: Document = field(default_factory=Document)
    durable: set[str] = field(default_factory=set)  # facts that it was told are, or saw of others
    written: list[tuple[bytes, str]] = field(default_factory=list)  # updates and their facts
    unsent: list[tuple[bytes, str]] = field(default_factory=list)
    has_come: bool = False
    expects_end: bool = False
    connection: Connection | None = None
    _sent: list[Facts] = field(default_factory=list)
    _incoming: deque[bytes] = field(default_factory=deque)
    _outbox: Recorder | None = None
    _room: Room | None = None
    _rooms: Rooms | None = None
    _joining: asyncio.Task[None] | None = None

    # -- the connection -----------------------------------------------------------------------

    async def connect(self, life: Life) -> None:
        """As the endpoint does: wait for the room, join, and ask for what we lack."""
        self.has_come = True
        if self._joining is None and self.connection is None:
            self._joining = life.begin(self._join(life.rooms))

    async def _join(self, rooms: Rooms) -> None:
        room = await rooms.acquire(self.board)
        self._outbox = Recorder()
        self.connection = Connection(
            access(self.person, board=self.board),
            self._outbox,
            LIMITS,
            rooms.clock,
            wants_acks=True,
        )
        self._room, self._rooms, self._joining = room, rooms, None
        room.join(self.connection)
        self._send(messages.sync_step1(self.document.get_state_vector()), frozenset())

    async def disconnect(self) -> None:
        """What is under way in either direction is lost."""
        if self._joining is not None:
            self._joining.cancel()
            await asyncio.wait([self._joining])
        if self._room is not None and self._rooms is not None and self.connection is not None:
            self._room.leave(self.connection)
            self._rooms.release(self._room)
        self.cut()

    def cut(self) -> None:
        """The server is gone."""
        self.connection = self._outbox = self._room = self._rooms = self._joining = None
        self.expects_end = False
        self._sent, self._incoming = [], deque()

    @property
    def end(self) -> ServiceError | None:
        """Why the server closed the connection, if it did."""
        return self._outbox.error if self._outbox else None

    def _send(self, frame: bytes, facts: Facts) -> None:
        if self.connection is not None and self._room is not None:
            self._sent.append(facts)
            self._room.receive(self.connection, frame)

    async def hear(self, most: int) -> int:
        """Take in the next messages, `most` of them; how many there were."""
        if self._outbox is not None:
            self._incoming += self._outbox.messages
            self._outbox.messages = []
        heard = min(most, len(self._incoming))
        for _ in range(heard):
            self._take(self._incoming.popleft())
        return heard

    def _take(self, message: bytes) -> None:
        if message[0] == messages.ACK:
            acked = messages.read_var_uint(message, 1)[0]
            assert acked <= len(self._sent), "an ack of what was never sent"
            self.durable.update(*self._sent[:acked])
            return
        if message[0] == messages.STANDING:
            assert messages.read_standing(message).takes
            return
        match messages.decode(message):
            case messages.Update(update) | messages.SyncStep2(update):
                before = facts_of(self.document)
                self.document.apply_update(update)
                self.durable |= facts_of(self.document) - before  # what others are shown stays
            case messages.SyncStep1(state_vector):
                answer = self.document.get_update(state_vector)
                self._send(messages.sync_step2(answer), facts_of(self.document))

    # -- writing ------------------------------------------------------------------------------

    def notes(self) -> list[str]:
        return sorted(self.document.root(NOTES).keys())

    def write(self, change: Callable[[Document], object], fact: str) -> None:
        _, update = self.document.record(lambda: change(self.document))
        if update:
            self.unsent.append((update, fact))
            self.written.append((update, fact))

    def add(self, word: str) -> None:
        note = new_id()
        self.write(
            lambda document: edits.add_note(
                document, self.board, zone="challenges", text=word, at=1, note=note
            ),
            f"{note} {word}",
        )

    def append(self, note: str, word: str) -> None:
        text = str(child(self.document.root(NOTES)[note], "text"))
        self.write(
            lambda document: edits.retext(document, note, f"{text} {word}"), f"{note} {word}"
        )

    def delete(self, note: str) -> None:
        self.write(lambda document: edits.delete_note(document, note), f"{note} deleted")

    async def send(self, at: int) -> None:
        """One of the edits that were not sent yet, in any order."""
        if self.connection is not None and self.unsent:
            update, fact = self.unsent.pop(at % len(self.unsent))
            self._send(messages.update(update), frozenset([fact]))

    async def send_again(self, at: int) -> None:
        if self.connection is not None and self.written:
            update, fact = self.written[at % len(self.written)]
            self._send(messages.update(update), frozenset([fact]))

    async def forge(self) -> None:
        """A note in somebody else's name: refused, and the room reads its board anew."""
        forged = Document()
        update = forged.record(
            lambda: edits.add_note(
                forged, self.board, zone="challenges", text="forged", at=1, author="somebody"
            )
        )[1]
        if self.connection is not None:
            self.expects_end = True
            self._send(messages.update(update), frozenset())


def finished(task: Awaitable[T]) -> T | None:
    """The result of a task that has ended well."""
    assert isinstance(task, asyncio.Task)
    with contextlib.suppress(ServiceError, asyncio.CancelledError):
        return task.result() if task.done() else None
    return None
