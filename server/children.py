"""Work that takes long, or may be hostile, in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

__all__ = ["Child", "Ended", "run_child"]


@dataclass(frozen=True)
class Ended:
    """What a child left. `said`: to standard output. `complaint`: to standard error."""

    status: int
    said: bytes
    complaint: bytes


Child = Callable[[str, bytes], Awaitable[Ended]]  # as `run_child`, here or on another machine


async def run_child(module: str, told: bytes) -> Ended:
    """Run a module of ours on what it is told by standard input; it yields to the server.

    Who is cancelled meanwhile takes it along.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.low_priority", module),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        said, complaint = await process.communicate(told)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ended(process.returncode or 0, said, complaint)
