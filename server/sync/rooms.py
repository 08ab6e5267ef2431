"""All boards in memory: loaded once however many ask, unloaded when nobody is left."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Collection
from functools import partial

from server.errors import BoardGone, ServiceError
from server.metrics import Timings
from server.store import Store, StoreCorrupted, StoredBoard, StoreUnavailable
from server.sync.access import Access
from server.sync.board.board_state import BoardState
from server.sync.board.building import is_large
from server.sync.board.notices import Notices
from server.sync.clock import Clock, LoopClock, Timer
from server.sync.commit.committer import Committer
from server.sync.commit.compactor import Compactor
from server.sync.commit.scheduler import CommitScheduler
from server.sync.inspection.slices import BESIDE
from server.sync.judging.alarms import Alarms, Spree
from server.sync.limits import SyncLimits
from server.sync.memory import Freed
from server.sync.room.room import Room
from server.sync.room.standing import reauthorise
from server.sync.seats import Seats
from server.sync.shares import Chores, Pace
from server.sync.wire import messages

__all__ = ["Rooms"]

log = logging.getLogger(__name__)


class Rooms:
    """The engine: a room for each board that somebody uses, and what all rooms share.

    `start` and `stop` frame its life. `committer` is shared with whoever writes records.
    """

    def __init__(
        self,
        store: Store,
        limits: SyncLimits,
        timings: Timings | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`timings`: where it is kept how long things took. `clock`: the loop's, unless given."""
        self._timings = timings or Timings()
        self.clock = clock = clock or LoopClock()
        self.scheduler = CommitScheduler(limits, clock)
        self.committer = Committer(store, self.scheduler, self._timings, clock)
        self.compactor = Compactor(store, limits)
        self.limits = limits
        self.seats = Seats(limits, clock)
        self.pace = Pace(limits, self.clock)
        self.loads = 0  # boards that were read from the store, each time counted
        self._store = store
        self._rooms: dict[str, Room] = {}
        self._loads: dict[Room, asyncio.Task[None]] = {}
        self._holders: dict[Room, int] = {}
        self._timers: dict[Room, Timer] = {}
        self._keepalive: Timer | None = None
        self._freed = Freed()
        self._notices = Notices(
            clock, seconds=limits.notice_seconds, most_bytes=limits.notice_bytes
        )
        self.alarms = Alarms(self._tell_leaders, clock, seconds=limits.notice_seconds)

    def start(self) -> None:
        self.committer.start()
        self._keep_alive()

    async def stop(self) -> None:
        """Commit what is pending, then let go of everything."""
        if self._keepalive is not None:
            self._keepalive.cancel()
        await self.committer.stop()
        self.scheduler.stop()
        await self.compactor.stop()
        for load in list(self._loads.values()):
            load.cancel()
        for room in list(self._rooms.values()):
            self._forget(room)

    def __len__(self) -> int:
        return len(self._rooms)

    @property
    def connections(self) -> int:
        return sum(len(room.connections) for room in self._rooms.values())

    @contextlib.asynccontextmanager
    async def hold(self, board: str, *, built: bool = True) -> AsyncIterator[Room]:
        """`acquire` and `release` around a block. `built`: its document is, if it is large too."""
        room = await self.acquire(board)
        try:
            if built:
                await ready(room)
            yield room
        finally:
            self.release(room)

    async def acquire(self, board: str) -> Room:
        """The board's room, its document loaded; it stays in memory until `release`.

        Raises BoardGone, StoreUnavailable, StoreCorrupted.
        """
        room = self._rooms.get(board) or self._new_room(board)
        self._holders[room] = self._holders.get(room, 0) + 1
        timer = self._timers.pop(room, None)
        if timer is not None:
            timer.cancel()
        load = self._loads.get(room)
        if load is not None:
            try:
                await asyncio.shield(load)  # the others wait for it as well
            except BaseException:
                self.release(room)
                raise
        return room

    def release(self, room: Room) -> None:
        self._holders[room] -= 1
        if self._holders[room] == 0:
            del self._holders[room]
            if self._rooms.get(room.board) is room:
                self._unload_later(room)

    def in_memory(self, board: str) -> Room | None:
        """The room if it is in memory."""
        return self._rooms.get(board)

    def loaded(self) -> list[Room]:
        """All that are in memory with what they hold."""
        return [room for room in self._rooms.values() if room.loaded]

    def workshops(self) -> set[str]:
        """Those of which a board is in memory."""
        return {room.workshop for room in self._rooms.values()}

    def lose(self, workshops: Collection[str] | None) -> None:
        """Another process serves these from now on, or none does; None: all. Everybody out."""
        for room in list(self._rooms.values()):
            if workshops is None or room.workshop in workshops or room.board in workshops:
                room.fail(StoreUnavailable("this process serves this workshop no longer"))

    def reauthorise(self, workshop: str, decide: Callable[[Access], Access]) -> None:
        """Look again at what everybody connected to this workshop may do.

        `decide` answers the access that holds now, or raises what closes the connection (such as
        NotAllowed). Who loses a right has a moment for what is on its way, as the desk says it at
        once (rule RM10).
        """
        for room in list(self._rooms.values()):
            for connection in list(room.connections):
                if connection.access.workshop == workshop:
                    reauthorise(connection, decide, grace=self.limits.grace_seconds)
                    room.introduce(connection)

    def _tell_leaders(self, spree: Spree) -> None:
        """Whoever leads that workshop, wherever they are: each of them is at its desk."""
        desk = self.in_memory(spree.workshop)
        for connection in () if desk is None else list(desk.connections):
            access = connection.access
            leads = access.role == "facilitator" and access.person != spree.person
            if leads and connection.wants_acks:
                connection.post(messages.notice(0, spree.notice()))

    def _new_room(self, board: str) -> Room:
        room = Room(
            board,
            committer=self.committer,
            limits=self.limits,
            timings=self._timings,
            clock=self.clock,
            notices=self._notices,
            alarms=self.alarms,
            chores=partial(Chores, self.pace, self.clock),
            on_broken=self._load,
            on_failed=self._forget,
            on_grown=self.compactor.consider,
            on_freed=self._freed.add,
        )
        self._rooms[board] = room
        self._load(room)
        return room

    def _load(self, room: Room) -> None:
        load = self._loads.get(room)
        if load is None or load.done():  # one that has ended may not have been cleared away yet
            task = asyncio.get_running_loop().create_task(self._fill(room), name="load")
            self._loads[room] = task
            task.add_done_callback(lambda done: self._loaded(room, done))

    async def _fill(self, room: Room) -> None:
        while not room.loaded:  # among what waited for it may be another bad update
            if room.busy:  # loaded again after one: what was accepted before it comes along
                await self.committer.commit(room.workshop)
            stored = await self._store.load(room.board)
            self.loads += 1
            if stored is None:
                raise BoardGone(room.board)
            removed = [value for _, value in await self._store.find("removal", room.board)]
            state = await self._state_of(room.board, stored)
            room.open(stored, state, await self._owners(room.board), removed)

    async def _state_of(self, board: str, stored: StoredBoard) -> BoardState:
        if not is_large(stored):
            return BoardState(board, stored)
        return await asyncio.get_running_loop().run_in_executor(BESIDE, BoardState, board, stored)

    async def _owners(self, board: str) -> dict[int, str]:
        """Who writes under which client id. A fork inherits those of the board it was made from:
        its history holds their structs."""
        fork = await self._store.get("fork", board)
        owners = {} if fork is None else await self._owners(str(fork["base"]))
        for _, value in await self._store.find("owner", board):
            owners[int(value["client"])] = str(value["person"])
        return owners

    def _loaded(self, room: Room, load: asyncio.Task[None]) -> None:
        if self._loads.get(room) is load:
            del self._loads[room]
        if load.cancelled() or load.exception() is None:
            return
        error = load.exception()
        if not isinstance(error, ServiceError):
            log.error("board %s could not be loaded", room.board, exc_info=error)
            error = StoreCorrupted("this board could not be loaded")
        room.fail(error)

    def _unload_later(self, room: Room) -> None:
        self._timers[room] = self.clock.call_later(self.limits.unload_seconds, self._unload, room)

    def _unload(self, room: Room) -> None:
        """Everything is in the log already, so there is nothing to save: only to wait for."""
        self._timers.pop(room, None)
        if room in self._holders:
            return
        if room.busy or room in self._loads:
            self._unload_later(room)
        else:
            self._forget(room)

    def _forget(self, room: Room) -> None:
        if self._rooms.get(room.board) is room:
            del self._rooms[room.board]
        timer = self._timers.pop(room, None)
        if timer is not None:
            timer.cancel()
        room.close()

    def _keep_alive(self) -> None:
        self._keepalive = self.clock.call_later(self.limits.keepalive_seconds, self._keep_alive)
        for room in self._rooms.values():
            room.keep_alive()


async def ready(room: Room) -> None:
    """Wait until the document of what is loaded is there, or made in next to no time."""
    asked = asyncio.Event()
    while room.loaded and not room.loaded_board().is_ready(asked.set):
        await asked.wait()
        asked.clear()
