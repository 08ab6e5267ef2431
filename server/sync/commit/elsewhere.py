"""Work on stored updates in a process of its own: the engine never releases the interpreter lock.

Byte strings in, byte strings out, packed; what goes wrong is said on standard error.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence

from server.store.packing import pack, unpack

__all__ = ["answer", "asked", "elsewhere"]

NICENESS = 10  # nobody waits for it, and people do for the server


async def elsewhere(module: str, asks: Sequence[bytes], *, seconds: float) -> list[bytes]:
    """What `module`, run for itself, answers. Raises ValueError with what it said, TimeoutError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            told, said = await process.communicate(pack(asks))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise ValueError(f"replaying failed: {said.decode(errors='replace')[-500:]}")
    return unpack(told)


def asked() -> list[bytes]:
    """In that process, whose work then yields to everything else."""
    os.nice(NICENESS)
    return unpack(sys.stdin.buffer.read())


def answer(tells: Sequence[bytes]) -> None:
    sys.stdout.buffer.write(pack(tells))
