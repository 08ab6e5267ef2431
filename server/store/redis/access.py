"""The way to a workshop in Redis: where it lies, and that nobody writes there any more but us."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from server.store import StoreReadOnly, StoreUnavailable
from server.store.redis.index import Index
from server.store.redis.keys import Keys, board_name
from server.store.redis.lease import Lease
from server.store.redis.nodes import Command, Nodes, call
from server.store.redis.scripts import ENTER, Script

__all__ = ["Access"]


class Access:
    """`batch`: of the commits that are written, or were last; none with a lower one is any more.

    `is_open`: whether the store is. `writing` is held while a batch is.
    """

    def __init__(self, nodes: Nodes, keys: Keys, lease: Lease) -> None:
        self.nodes = nodes
        self.keys = keys
        self.lease = lease
        self.index = Index(nodes, keys)
        self.is_open = False
        self.batch = 0
        self.writing = asyncio.Lock()
        self._entered: set[str] = set()  # workshops that know of our epoch and batch

    def check(self) -> None:
        """Raises StoreUnavailable when the store is closed, or another server has it."""
        if not self.is_open:
            raise StoreUnavailable("the store is closed")
        self.lease.check()

    def close(self) -> None:
        self.is_open = False
        self._entered.clear()
        self.index.forget()

    def lose(self, workshops: Iterable[str]) -> None:
        """It is not known what was written there: they learn of a later batch before all else."""
        self.batch += 1
        self._entered.difference_update(workshops)

    async def enter(self, workshop: str) -> None:
        """Nobody writes here any more but us, from what we know on; or nobody at all can."""
        self.check()
        if workshop not in self._entered:
            with suppress(StoreReadOnly):  # what cannot be written to can still be read
                await self.run(ENTER, workshop, [])
                self._entered.add(workshop)

    async def home(self, board: str) -> str | None:
        """Whose a board is, entered; None if there is no such board."""
        self.check()
        workshop = await self.index.owner(board_name(board))
        if workshop is not None:
            await self.enter(workshop)
        return workshop

    async def run(self, script: Script, workshop: str, keys: Sequence[str], *rest: Any) -> Any:
        """Run a script on a workshop; `keys`: after its home. Raises StoreUnavailable."""
        names = [self.keys.home(workshop), *keys]
        command = call(script, names, self.lease.epoch, self.batch, *rest)
        [found] = await (self.nodes.ask if script.reads else self.nodes.write)(command)
        if found == b"f":
            raise StoreUnavailable("another server writes here by now")
        return found

    async def ask(self, key: str, *arguments: str | int) -> Any:
        """A command about a key, which comes first behind the command's name."""
        name, *rest = arguments
        [found] = await self.nodes.ask(Command(key, (name, key, *rest)))
        return found
