"""A process among those that share Redis: a key with a short life, renewed while it lives.

Whoever could not renew it for most of that life serves nothing any more, before anybody
else could take over what it served. A session that has ended never comes back: another begins.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable

from server.store import StoreReadOnly, StoreUnavailable
from server.store.redis.keys import Keys
from server.store.redis.nodes import Command, Nodes

__all__ = ["LIFE_MS", "Session"]

log = logging.getLogger(__name__)

LIFE_MS = 3000
SERVING_PART = 0.85  # of it, in which we serve without having renewed it: others wait for all of it
RENEWAL_SECONDS = 0.7
AGAIN_SECONDS = 0.1  # between tries to begin one, while there is none


class Session:
    """`id`: "" while there is none. `past`: those that were ours and are over.

    `ended` is called when one is over and another has not begun, `look` after each renewal.
    """

    def __init__(
        self,
        nodes: Nodes,
        keys: Keys,
        look: Callable[[], Awaitable[None]],
        ended: Callable[[], None],
    ) -> None:
        self._nodes = nodes
        self._keys = keys
        self._look = look
        self._ended = ended
        self._task: asyncio.Task[None] | None = None
        self._until = 0.0  # loop time up to which we may serve
        self._watch: asyncio.TimerHandle | None = None
        self.latency = 0.0  # s, of the last renewal
        self.address = "-"  # under which the others reach us
        self.id = ""
        self.past: set[str] = set()

    @property
    def is_alive(self) -> bool:
        return bool(self.id) and asyncio.get_running_loop().time() < self._until

    def check(self) -> None:
        """Raises StoreUnavailable while nothing may be served."""
        if not self.is_alive:
            self.end()
            raise StoreUnavailable(f"Redis at {self._nodes.where} is out of reach")

    async def start(self) -> None:
        """Raises StoreUnavailable."""
        await self._begin()
        self._task = asyncio.create_task(self._keep(), name="session")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        if self._watch is not None:
            self._watch.cancel()
        if self.id:
            key = self._keys.node(self.id)
            with contextlib.suppress(StoreUnavailable):  # then it ends by itself
                await self._nodes.ask(Command(key, ("DEL", key)))
        self.id = ""

    async def tell(self, address: str) -> None:
        """From now on the others reach us there."""
        self.address = address
        await self._renew()

    def end(self) -> None:
        """It is over, if there is one: whoever comes next is of another."""
        if self.id:
            log.error("out of reach of Redis at %s: nothing is served", self._nodes.where)
            self.past.add(self.id)
            self.id = ""
            self._ended()

    async def _begin(self) -> None:
        id, sent = secrets.token_hex(10), asyncio.get_running_loop().time()
        key = self._keys.node(id)
        await self._nodes.ask(Command(key, ("SET", key, self.address, "PX", LIFE_MS)))
        self.id = id
        self._live_from(sent)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL_SECONDS if self.id else AGAIN_SECONDS)
            with contextlib.suppress(StoreUnavailable):  # commits find that out too, and tell
                await (self._renew() if self.id else self._begin())
                await self._look()

    async def _renew(self) -> None:
        """What Redis refuses to us because it takes no writes, nobody else can take either."""
        id, sent = self.id, asyncio.get_running_loop().time()
        key = self._keys.node(id)
        try:
            [kept] = await self._nodes.ask(
                Command(key, ("SET", key, self.address, "XX", "PX", LIFE_MS))
            )
        except StoreReadOnly:
            kept = True
        self.latency = asyncio.get_running_loop().time() - sent
        if self.id != id:
            return  # it was over before the answer came
        if kept is None:
            self.end()
        else:
            self._live_from(sent)

    def _live_from(self, sent: float) -> None:
        self._until = sent + LIFE_MS / 1000 * SERVING_PART
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.get_running_loop().call_at(self._until, self.end)
