"""The way to a workshop in Redis: where it lies, and that nobody writes there any more but us."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from server.store import SERVER, NotHome, StoreReadOnly, StoreUnavailable
from server.store.redis.homes.homes import READER, RedisHomes
from server.store.redis.homes.session import Session
from server.store.redis.index import Index
from server.store.redis.keys import Keys, board_name
from server.store.redis.nodes import Command, Nodes, call
from server.store.redis.scripts import ENTER, Script

__all__ = ["Access"]


class Access:
    """`batch`: of the commits that are written, or were last; none with a lower one is any more.

    `is_open`: whether the store is. `writing` is held while a batch is.
    """

    def __init__(self, nodes: Nodes, keys: Keys, session: Session) -> None:
        self.nodes = nodes
        self.keys = keys
        self.index = Index(nodes, keys)
        self.homes = RedisHomes(nodes, keys, self.index, session)
        self.is_open = False
        self.batch = 0
        self.writing = asyncio.Lock()
        self._unsure: set[str] = set()  # workshops that have to learn of a later batch

    def check(self) -> None:
        """Raises StoreUnavailable when the store is closed, or Redis out of reach for too long."""
        if not self.is_open:
            raise StoreUnavailable("the store is closed")
        self.homes.check()

    def close(self) -> None:
        self.is_open = False
        self._unsure.clear()
        self.index.forget()

    def home_key(self, workshop: str) -> str:
        """What is the server's, every process writes: each has its own place for answers."""
        what = f"home:{self.homes.session}" if workshop == SERVER else "home"
        return self.keys.home(workshop, what)

    def writer(self, workshop: str) -> tuple[int, int, str]:
        """As the scripts take it: epoch, batch and session; a reader's where we only read."""
        epoch = self.homes.epoch(workshop)
        named = workshop != SERVER and epoch is not None
        return epoch or READER, self.batch, self.homes.session if named else ""

    def lose(self, workshops: Iterable[str]) -> None:
        """It is not known what was written there: they learn of a later batch before all else."""
        self.batch += 1
        self._unsure.update(workshops)

    async def enter(self, workshop: str) -> None:
        """Nobody writes what we sent before and gave up; or nobody can write at all."""
        self.check()
        if workshop in self._unsure:
            with suppress(StoreReadOnly):  # what cannot be written to can still be read
                if self.homes.epoch(workshop) is not None:
                    await self.run(ENTER, workshop, [])
                self._unsure.discard(workshop)

    async def home(self, board: str) -> str | None:
        """Whose a board is, entered; None if there is no such board."""
        self.check()
        workshop = await self.index.owner(board_name(board))
        if workshop is not None:
            await self.enter(workshop)
        return workshop

    async def run(self, script: Script, workshop: str, keys: Sequence[str], *rest: Any) -> Any:
        """Run a script on a workshop; `keys`: after its home. Raises StoreUnavailable, NotHome."""
        if not script.reads:
            await self.homes.ensure(workshop)
        names = [self.home_key(workshop), *keys]
        command = call(script, names, *self.writer(workshop), *rest)
        [found] = await (self.nodes.ask if script.reads else self.nodes.write)(command)
        if found == b"f":
            self.homes.lose(workshop)
            raise NotHome("another process has taken this workshop")
        return found

    async def ask(self, key: str, *arguments: str | int) -> Any:
        """A command about a key, which comes first behind the command's name."""
        name, *rest = arguments
        [found] = await self.nodes.ask(Command(key, (name, key, *rest)))
        return found
