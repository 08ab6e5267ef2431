"""Bytes both ways over real sockets: whole, no faster than they are taken, to the end."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from functools import partial

import pytest

from server.passing.relay import End, join

LARGE = 64 << 20
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Ends:
    """A relay between two sockets; `gone` counts the ends that are over."""

    def __init__(self) -> None:
        self.near, self.far = End(), End()
        self.gone = asyncio.Event()
        self.near.on_gone = self.gone.set


def itself(end: End) -> End:
    return end


@contextlib.asynccontextmanager
async def relayed() -> AsyncIterator[tuple[Ends, Streams, Streams]]:
    """The relay, and what is at its two ends."""
    loop = asyncio.get_running_loop()
    ends, sockets = Ends(), [socket.socketpair() for _ in range(2)]
    for end, (own, _) in zip((ends.near, ends.far), sockets, strict=True):
        await loop.create_connection(partial(itself, end), sock=own)
    outside = [await asyncio.open_connection(sock=other) for _, other in sockets]
    join(ends.near, ends.far)
    try:
        yield ends, outside[0], outside[1]
    finally:
        for end in (ends.near, ends.far):
            end.abort()
        for _, writer in outside:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def test_bytes_go_both_ways_and_an_end_is_heard_behind_them() -> None:
    async with relayed() as (ends, (here, to_here), (there, to_there)):
        to_here.write(b"x" * (1 << 20))
        to_here.write_eof()
        assert len(await there.read()) == 1 << 20
        to_there.write(b"still here")  # one way has ended, the other has not
        assert await here.readexactly(10) == b"still here"
        to_there.close()
        assert await here.read() == b""
        await asyncio.wait_for(ends.gone.wait(), 10)


@pytest.mark.parametrize("way", ["up", "down"])
async def test_what_is_not_taken_is_not_read(way: str) -> None:
    async with relayed() as (ends, one, two):
        (_, writer), (reader, _) = (one, two) if way == "up" else (two, one)
        writer.write(b"x" * LARGE)  # nobody reads at the other end yet
        held = ends.far if way == "up" else ends.near
        assert held.transport is not None
        for _ in range(200):
            await asyncio.sleep(0)
        assert held.transport.get_write_buffer_size() < 2 << 20
        assert writer.transport.get_write_buffer_size() > LARGE // 2
        passed = 0
        while passed < LARGE:
            passed += len(await reader.read(1 << 20))
        assert passed == LARGE


async def test_one_that_is_cut_cuts_the_other() -> None:
    async with relayed() as (ends, (here, _), (there, _)):
        ends.near.abort()
        for reader in (there, here):
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
        await asyncio.wait_for(ends.gone.wait(), 10)
