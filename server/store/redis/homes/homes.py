"""Who serves which workshop: its home, which Redis knows and everybody asks.

A workshop's home is written beside its data, with an epoch that grows with every new one. Whoever
needs a workshop that nobody living serves takes it, if it is still as it was read; of two who try,
one does. From then on the scripts refuse every earlier epoch (`lua/common.lua`): whoever was home
before, and slept meanwhile, writes nothing any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Iterable

from server.store import SERVER, NotHome, Place, StoreReadOnly, StoreUnavailable
from server.store.redis.homes.session import Session
from server.store.redis.index import Index
from server.store.redis.keys import Keys, board_name, record_name
from server.store.redis.nodes import Command, Nodes, call
from server.store.redis.scripts import LEAVE, TAKE

__all__ = ["READER", "RedisHomes"]

log = logging.getLogger(__name__)

READER = 2**53 - 1  # the epoch of who only reads: later than all
SERVER_EPOCH = 1
IDLE_SECONDS = 60.0  # without use, before a workshop is given up
WORKER = "worker"  # as a workshop: whoever is home of it works for all
WORKER_IDLE_SECONDS = 1.0  # for which that stays home of what it has looked after
ATTEMPTS = 20


class RedisHomes:
    """The homes of one process. See `server.store.Homes`."""

    def __init__(self, nodes: Nodes, keys: Keys, index: Index, session: Session) -> None:
        self._nodes = nodes
        self._keys = keys
        self._index = index
        self._session = session
        self._held: dict[str, int] = {}  # workshops, and our epoch in each
        self._used: dict[str, float] = {}  # and when each was last asked for, in loop time
        self._finding: dict[str, asyncio.Task[Place | None]] = {}
        self.takes = True  # False: nothing more, as this process is about to end
        self.is_worker = False
        self.taken = 0  # how often a workshop was
        self.on_taken: Callable[[str], None] = lambda _: None
        self.on_lost: Callable[[Collection[str] | None], None] = lambda _: None
        self.busy: Callable[[], Collection[str]] = tuple

    def __len__(self) -> int:
        return len(self._held)

    @property
    def latency(self) -> float:
        return self._session.latency

    @property
    def session(self) -> str:
        return self._session.id

    def check(self) -> None:
        self._session.check()

    async def tell(self, address: str) -> None:
        await self._session.tell(address)

    def epoch(self, workshop: str) -> int | None:
        """Ours; None where we are not home."""
        return SERVER_EPOCH if workshop == SERVER else self._held.get(workshop)

    def is_ours(self, workshop: str) -> bool:
        return workshop in self._held and self._session.is_alive

    def known(self, kind: str, id: str) -> str | None:
        return self._index.known(index_name(kind, id))

    async def whose(self, kind: str, id: str) -> str | None:
        return await self._index.owner(index_name(kind, id))

    async def serves(self, workshop: str) -> bool:
        return workshop == SERVER or await self.find(workshop) is None

    async def ensure(self, workshop: str) -> int:
        """Our epoch there. Raises NotHome, StoreUnavailable."""
        epoch = self.epoch(workshop)
        if epoch is None:
            if await self.find(workshop) is not None:
                raise NotHome("another process serves this workshop")
            epoch = self._held.get(workshop)
        if epoch is None:  # lost in this very moment
            raise NotHome("this process serves this workshop no longer")
        return epoch

    async def find(self, workshop: str) -> Place | None:
        self._session.check()
        if workshop in self._held:
            self._used[workshop] = asyncio.get_running_loop().time()
            return None
        task = self._finding.get(workshop)
        if task is None:  # whoever comes meanwhile waits for the same answer
            task = asyncio.create_task(self._find(workshop), name="home")
            self._finding[workshop] = task
            task.add_done_callback(lambda done: self._found(workshop, done))
        return await asyncio.shield(task)

    def _found(self, workshop: str, done: asyncio.Task[Place | None]) -> None:
        self._finding.pop(workshop, None)
        if not done.cancelled():
            done.exception()  # who waited has heard of it

    async def _find(self, workshop: str) -> Place | None:
        key = self._keys.home(workshop)
        for _ in range(ATTEMPTS):
            [found] = await self._nodes.ask(Command(key, ("HMGET", key, "node", "epoch")))
            node, epoch = (found[0] or b"").decode(), int(found[1] or 0)
            if node and node != self._session.id and node not in self._session.past:
                address = await self._address(node)
                if address is not None:
                    return Place(node, address)
            if not self.takes:
                raise NotHome("this process is about to end")
            if await self._take(workshop, node, epoch):
                return None
        raise StoreUnavailable("who serves this workshop changes all the time")

    async def _address(self, session: str) -> str | None:
        """Of a process that lives."""
        key = self._keys.node(session)
        [found] = await self._nodes.ask(Command(key, ("GET", key)))
        return None if found is None else bytes(found).decode()

    async def _take(self, workshop: str, node: str, epoch: int) -> bool:
        """Whether we are home now; False where somebody else was faster."""
        ours = self._session.id
        keys = [self._keys.home(workshop)]
        [taken] = await self._nodes.ask(call(TAKE, keys, node, epoch, ours))
        if ours != self._session.id or not ours:
            raise StoreUnavailable("the session ended meanwhile")
        if not taken:
            return False
        self._index.forget_claims(workshop)  # another process may have deleted what we claimed
        self._held[workshop] = epoch + 1
        self._used[workshop] = asyncio.get_running_loop().time()
        self.taken += 1
        log.info("home of %s from epoch %d on", workshop, epoch + 1)
        self.on_taken(workshop)
        return True

    async def worker(self) -> Place | None:
        self._session.check()
        key = self._keys.home(WORKER)
        [found] = await self._nodes.ask(Command(key, ("HGET", key, "node")))
        node = (found or b"").decode()
        address = await self._address(node) if node else None
        return None if address is None else Place(node, address)

    async def looks_after(self) -> bool:
        if self.is_worker:
            return await self.serves(WORKER)
        return await self.worker() is None

    async def living(self, sessions: Iterable[str]) -> set[str]:
        names = list(sessions)
        keys = [self._keys.node(name) for name in names]
        found = await self._nodes.ask(*(Command(key, ("EXISTS", key)) for key in keys))
        return {name for name, lives in zip(names, found, strict=True) if lives}

    def lose(self, workshop: str) -> None:
        """Somebody else is home there: what we have of it in memory is nothing any more."""
        if self._held.pop(workshop, None) is not None:
            self._used.pop(workshop, None)
            log.error("no longer home of %s: another process has taken it", workshop)
            self.on_lost([workshop])

    def lose_all(self) -> None:
        self._held.clear()
        self._used.clear()
        self.on_lost(None)

    async def give_up(self, workshops: Collection[str] | None = None) -> None:
        names = list(self._held) if workshops is None else list(workshops)
        calls = []
        for workshop in names:
            epoch = self._held.pop(workshop, None)
            self._used.pop(workshop, None)
            if epoch is not None:
                log.info("no longer home of %s, epoch %d", workshop, epoch)
                calls.append(call(LEAVE, [self._keys.home(workshop)], self._session.id, epoch))
        if calls:
            with contextlib.suppress(StoreReadOnly):
                await self._nodes.ask(*calls)

    async def give_up_idle(self) -> None:
        """What nobody has used for a while, and nobody has open."""
        rests = WORKER_IDLE_SECONDS if self.is_worker else IDLE_SECONDS
        oldest = asyncio.get_running_loop().time() - rests
        idle = [each for each, used in self._used.items() if used < oldest]
        busy = self.busy() if idle else ()
        await self.give_up([each for each in idle if each not in busy])


def index_name(kind: str, id: str) -> str:
    return board_name(id) if kind == "board" else record_name(kind, id)
