"""Bytes both ways, unparsed: what one end takes slowly, the other end is not read for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

__all__ = ["End", "join"]

LAST_SECONDS = 5.0  # for what one end has to take yet, when the other is gone


class End(asyncio.Protocol):
    """One of two ends; `other` is set by `join`.

    `on_gone` is called once both have ended.
    """

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: End | None = None
        self.on_gone: Callable[[], None] = lambda: None
        self.has_ended = False  # it says nothing more
        self._early = b""  # that came before the other end was there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's are of no class of asyncio's

    def data_received(self, data: bytes) -> None:
        if self.other is None or self.other.transport is None:
            self._early += data
        elif not self.other.transport.is_closing():
            self.other.transport.write(data)

    def pass_early(self) -> None:
        early, self._early = self._early, b""
        if early:
            self.data_received(early)

    def eof_received(self) -> bool:
        """The other end hears of it behind what is still on its way, and may go on talking."""
        other = self.other
        if other is None or other.transport is None or other.transport.is_closing():
            return False
        self.has_ended = True
        if other.has_ended:
            other.transport.close()
            return False
        other.transport.write_eof()
        return True

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        other = self.other
        if other is not None and other.transport is not None and not other.transport.is_closing():
            other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        other, self.other = self.other, None
        if other is not None and other.transport is not None:
            other.transport.close()  # behind what it has not taken yet, its last words maybe
            asyncio.get_running_loop().call_later(LAST_SECONDS, other.transport.abort)
        on_gone, self.on_gone = self.on_gone, lambda: None
        on_gone()

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def shutdown(self) -> None:
        """uvicorn's word for the end of the server."""
        if self.transport is not None:
            self.transport.close()


def join(near: End, far: End) -> None:
    """From now on what comes at one end goes out at the other."""
    near.other, far.other = far, near
    near.pass_early()
    far.pass_early()
    if far.transport is None or far.transport.is_closing():  # it has ended already
        near.abort()
