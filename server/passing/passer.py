"""Passing on what belongs to a workshop that another process serves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from server.errors import ServiceError
from server.passing.preamble import (
    LEAVING,
    Address,
    Vouched,
    passing_key,
    read_preamble,
    write_preamble,
)
from server.passing.relay import End
from server.passing.where import Thing, named_by
from server.store import Homes, Place, StoreUnavailable

__all__ = ["Passer"]

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECT_SECONDS = 1.0
PATIENCE_SECONDS = 6.0  # until somebody who died is followed by somebody else
AGAIN_SECONDS = 0.1  # between tries
LEAVE_SECONDS = 2.0  # for those who are told that we end
WATCH_SECONDS = 1.0  # between two looks at who of those we pass on to still lives


class Passer:
    """The ways from this process to the others. `key`: the server's; `watching` frames its life.

    Nothing but connecting is tried again: what was said to a home may have been done.
    """

    def __init__(self, homes: Homes, key: bytes) -> None:
        self.homes = homes
        self.key = key
        self._proofs = passing_key(key)
        self._cuts: defaultdict[str, dict[object, Callable[[], None]]] = defaultdict(dict)
        self._places: dict[str, Place] = {}  # by session, of those we pass on to
        self._is_leaving = False
        self._fewer = asyncio.Event()  # processes that we pass on to
        self.passed = 0  # calls and connections

    @property
    def passing(self) -> int:
        """How many are passed on now."""
        return sum(len(cuts) for cuts in self._cuts.values())

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Meanwhile, what is passed on to a process that has ended is cut: it may be paused, or out
        of reach, and would keep people waiting who could be served elsewhere."""
        watch = asyncio.create_task(self._watch(), name="passing")
        try:
            yield
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            sessions = list(self._cuts)
            if not sessions:
                continue
            with contextlib.suppress(StoreUnavailable):
                for gone in set(sessions) - await self.homes.living(sessions):
                    self._places.pop(gone, None)
                    for cut in list(self._cuts.pop(gone, {}).values()):
                        cut()

    @contextlib.contextmanager
    def cutting(
        self, session: str, cut: Callable[[], None], *, counts: bool = True
    ) -> Iterator[None]:
        """Meanwhile `cut` is called if that process ends. `counts`: something is passed on."""
        own = self.keep(session, cut)
        self.passed -= not counts
        try:
            yield
        finally:
            own()

    def keep(self, session: str, cut: Callable[[], None]) -> Callable[[], None]:
        """The same until what this answers is called."""
        name = object()
        self._cuts[session][name] = cut
        self.passed += 1

        def forget() -> None:
            cuts = self._cuts.get(session)
            if cuts is not None:
                cuts.pop(name, None)
                if not cuts:
                    del self._cuts[session]
                    self._fewer.set()

        return forget

    async def leave(self) -> None:
        """This process ends. Whom it passed on is told so by the homes: only they know where in
        what is on its way a word can stand."""
        self._is_leaving = True
        asked = (self._leave(place) for place in list(self._places.values()))
        await asyncio.gather(*asked, return_exceptions=True)

    async def _leave(self, place: Place) -> None:
        async with asyncio.timeout(LEAVE_SECONDS):
            host, port = split(place.address)
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(self.preamble(place, None, None, LEAVING))
                await reader.read()
            finally:
                writer.close()
            while place.session in self._cuts:
                self._fewer.clear()
                await self._fewer.wait()

    def vouched(self, line: bytes) -> Vouched | None:
        """Who speaks behind a preamble that is meant for us."""
        return read_preamble(self._proofs, line, self.homes.session)

    def preamble(self, place: Place, client: Address, server: Address, scheme: str) -> bytes:
        vouched = Vouched(client, server, scheme, self.homes.session)
        return write_preamble(self._proofs, vouched, place.session)

    async def workshop_of(self, things: Sequence[Thing]) -> str | None:
        """The first that one of them belongs to. Raises StoreUnavailable."""
        for thing in things:
            workshop = await self.homes.whose(*thing)
            if workshop is not None:
                return workshop
        return None

    def may_be_elsewhere(self, path: str) -> bool:
        """Whether somebody has to be asked who serves what a socket's address names."""
        thing = named_by(path, self.key)
        known = thing and self.homes.known(*thing)
        return thing is not None and (known is None or not self.homes.is_ours(known))

    async def socket_way(self, path: str) -> tuple[End, Place] | None:
        """A connection to who serves what the address names; None: it is ours to answer."""
        thing = named_by(path, self.key)
        if self._is_leaving:
            return None
        try:
            workshop = await self.workshop_of([thing]) if thing else None
            return None if workshop is None else await self.connect(workshop, end_at)
        except ServiceError as error:
            log.warning("a connection could not be passed on: %s", error)
            return None  # whoever answers here closes it with a code

    async def connect(
        self, workshop: str, way: Callable[[str, int], Awaitable[T]]
    ) -> tuple[T, Place] | None:
        """`way` to the home of a workshop, and who that is; None: we are. Raises StoreUnavailable.

        Whoever does not answer has died, most likely: then somebody else is home soon, maybe we.
        """
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while (place := await self.homes.find(workshop)) is not None:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    found = await way(*split(place.address))
                self._places[place.session] = place
                return found, place
            except (OSError, TimeoutError, ValueError) as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise StoreUnavailable(
                        f"who serves this workshop, at {place.address}, does not answer"
                    ) from error
                await asyncio.sleep(AGAIN_SECONDS)
        return None


def split(address: str) -> tuple[str, int]:
    """Raises ValueError for what is none."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


async def end_at(host: str, port: int) -> End:
    _, end = await asyncio.get_running_loop().create_connection(End, host, port)
    return end
