"""Work on stored updates in a process of its own: the engine never releases the interpreter lock.

Byte strings in, byte strings out, packed; what goes wrong is said on standard error.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from server.children import Child, run_child
from server.logs import only_places
from server.store.packing import pack, unpack

__all__ = ["answer", "asked", "elsewhere"]


async def elsewhere(
    module: str, asks: Sequence[bytes], *, seconds: float, child: Child = run_child
) -> list[bytes]:
    """What `module`, run for itself, answers. Raises ValueError with what it said, TimeoutError."""
    async with asyncio.timeout(seconds):
        ended = await child(module, pack(asks))
    if ended.status != 0:
        raise ValueError(f"replaying failed: {ended.complaint.decode(errors='replace')[-500:]}")
    return unpack(ended.said)


def asked() -> list[bytes]:
    """In that process."""
    only_places()
    return unpack(sys.stdin.buffer.read())


def answer(tells: Sequence[bytes]) -> None:
    sys.stdout.buffer.write(pack(tells))
