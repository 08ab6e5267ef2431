"""An edit brought without a connection: by one call, of a board that is not open (rule DV1).

It goes the way of every edit, as the SyncStep2 of a connection that lasts as long as the call:
inspected, judged, put right, committed. What such a connection would be told is the answer.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from server.errors import NotAllowed, ServiceError, TooManyTries
from server.store import StoreUnavailable
from server.sync.access import Access
from server.sync.errors import BoardFull, GapUnfilled, LineageMismatch, RefusedUpdate
from server.sync.room.connection import Connection
from server.sync.room.standing import FULL
from server.sync.rooms import Rooms
from server.sync.shares import SMALL, Meter
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["deliver"]

JsonNotice = dict[str, Any]


class Reply:
    """An outbox that waits for the ack of the one message, or for why there is none."""

    def __init__(self) -> None:
        self._notices: list[JsonNotice] = []
        self._done: asyncio.Future[list[JsonNotice]] = asyncio.get_running_loop().create_future()

    async def wait(self, seconds: float) -> list[JsonNotice]:
        """The notices, once the edit is durable. Raises what it was not taken for."""
        async with asyncio.timeout(seconds):
            return await self._done

    def post(self, *outgoing: Outgoing) -> None:
        for one in outgoing:
            for message in one.messages:
                self._hear(message)

    def _hear(self, message: bytes) -> None:
        if message[0] == messages.NOTICE:
            self._notices.append(messages.read_notice(message)[1])
        elif message[0] == messages.STANDING:
            full = messages.read_standing(message).reason == FULL
            self._fail(BoardFull("held") if full else NotAllowed("held"))
        elif message[0] == messages.ACK and not self._done.done():
            self._done.set_result(self._notices)
        elif messages.is_sync_step1(message):
            self._fail(GapUnfilled("it builds on edits that never came"))

    def close(self, error: ServiceError) -> None:
        """A right that is missing is told before; what ends a connection is the edit itself."""
        self._fail(RefusedUpdate(str(error)) if isinstance(error, NotAllowed) else error)

    def _fail(self, error: ServiceError) -> None:
        if not self._done.done():
            self._done.set_exception(error)


async def deliver(
    rooms: Rooms,
    access: Access,
    update: bytes,
    *,
    lineage: str | None = None,
    renew: Callable[[], Awaitable[Access]] | None = None,
) -> list[JsonNotice]:
    """Take an update in as this person's edit; what was put right of it, once it is durable.

    `lineage`: that of the copy on which it was made, if known. `renew`: the access that holds when
    the update and the board are there; both may take long. Raises NotAllowed and BoardFull
    (keep it, bring it again later), GapUnfilled (first what came before it), LineageMismatch,
    TooLarge and RefusedUpdate (it is never taken), BoardGone, StoreUnavailable, and TooManyTries
    of somebody who is not heard yet (rule RM17).
    """
    is_small = len(update) <= SMALL
    wait = rooms.pace.owes(access, is_small=is_small)
    if wait:
        raise TooManyTries(seconds=math.ceil(wait))
    for rest in iter(rooms.pace.rest, 0.0) if not is_small else ():
        await asyncio.sleep(rest)
    async with rooms.hold(access.board, built=False) as room:
        if lineage is not None and lineage != room.lineage:
            raise LineageMismatch(f"expected {room.lineage}")
        if renew is not None:
            access = await renew()
        reply = Reply()
        writing = replace(access, may_write=access.may_write or access.may_deliver)
        connection = Connection(writing, reply, rooms.limits, rooms.clock, wants_acks=True)
        room.join(connection)
        meter = Meter(connection, room, rooms.pace)
        try:
            meter.serve((messages.sync_step2(update),))
            meter.settle()
            return await reply.wait(rooms.limits.delivery_seconds)
        except TimeoutError as error:
            raise StoreUnavailable("not durable in time") from error
        finally:
            room.leave(connection)
