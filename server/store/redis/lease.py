"""Only one server writes at a time: who holds the session in Redis, with an epoch of its own.

The session is a key with a short life, renewed while its server lives. Whoever takes it gets the
next epoch, and every script refuses an earlier one from the moment the later one was there
(`lua/common.lua`). So a server that was paused, or cut off, and is followed by another, writes
nothing any more, whatever it believes.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable

from server.store import SERVER, RedisTaken, StoreUnavailable
from server.store.redis.keys import Keys
from server.store.redis.nodes import Nodes, call
from server.store.redis.scripts import RELEASE, RENEW, TAKE

__all__ = ["Lease"]

log = logging.getLogger(__name__)

LIFE_MS = 3000
RENEWAL_SECONDS = 1.0
TRY_SECONDS = 0.1  # until the session of one that has died is over
FORMAT = 1  # of what lies in Redis


class Lease:
    """`is_lost`: another server has it, and this one never writes again.

    `lost` is called then, and `look` after each renewal.
    """

    def __init__(
        self,
        nodes: Nodes,
        keys: Keys,
        look: Callable[[], Awaitable[None]],
        lost: Callable[[], None],
    ) -> None:
        self._nodes = nodes
        self._session, self._epoch_key, self._format = keys.some(
            SERVER, "session", "epoch", "format"
        )
        self._mine = f"{secrets.token_hex(8)} {socket.gethostname()} {os.getpid()}"
        self._look = look
        self._lost = lost
        self._task: asyncio.Task[None] | None = None
        self.epoch = 0
        self.is_lost = False

    async def take(self) -> None:
        """Raises RedisTaken if another server keeps it for longer than a dead one could."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + LIFE_MS / 1000 + RENEWAL_SECONDS
        while (held := await self._try_to_take()) is not None:
            if loop.time() > deadline:
                _, host, process = [*held.split(" "), "?", "?"][:3]
                where = self._nodes.where
                told = f"Redis at {where} is used by another server (process {process} on {host})"
                raise RedisTaken(told, where=where, process=process, host=host)
            await asyncio.sleep(TRY_SECONDS)
        self._task = asyncio.create_task(self._keep(), name="lease")

    async def _try_to_take(self) -> str | None:
        """Who has it, if it is not ours."""
        keys = [self._session, self._epoch_key, self._format]
        [found] = await self._nodes.write(call(TAKE, keys, self._mine, LIFE_MS, FORMAT))
        if isinstance(found, int):
            self.epoch = found
            return None
        text = found.decode()
        if text[0] == "f":
            raise StoreUnavailable(
                f"what lies in Redis at {self._nodes.where} was written by a newer Hahmo"
                f" (format {text[1:]}, this one knows {FORMAT})"
            )
        return str(text[1:])

    async def _keep(self) -> None:
        while not self.is_lost:
            await asyncio.sleep(RENEWAL_SECONDS)
            with contextlib.suppress(StoreUnavailable):  # commits find that out too, and tell
                await self._renew()
                await self._look()
        log.critical(
            "another server has taken Redis at %s over; this one stores nothing any more",
            self._nodes.where,
        )
        self._lost()

    async def _renew(self) -> None:
        keys = [self._session, self._epoch_key]
        [kept] = await self._nodes.write(call(RENEW, keys, self._mine, LIFE_MS, self.epoch))
        self.is_lost = kept == 0

    def check(self) -> None:
        """Raises StoreUnavailable once it is lost."""
        if self.is_lost:
            raise StoreUnavailable(f"another server uses Redis at {self._nodes.where} by now")

    async def release(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
            with contextlib.suppress(StoreUnavailable):  # then it ends by itself
                await self._nodes.write(call(RELEASE, [self._session], self._mine))
