"""Work in processes of their own yields to the server, and goes with who asked for it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path

import pytest

from server.children import run_child
from server.low_priority import NICENESS

CHILD = "tests.support.child"


async def test_a_child_yields_to_the_server() -> None:
    ended = await run_child(CHILD, b"hei")
    assert ended.status == 0
    assert ended.said.split() == [str(os.nice(0) + NICENESS).encode(), b"hei"]


async def test_what_goes_wrong_is_told() -> None:
    ended = await run_child("tests.support.not_there", b"")
    assert ended.status != 0
    assert b"not_there" in ended.complaint


@pytest.mark.timeout(60)
async def test_who_gives_up_takes_the_child_along() -> None:
    before = children()
    asking = asyncio.create_task(run_child(CHILD, b"wait"))
    running = await started(before)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not children() & running


async def started(before: set[str]) -> set[str]:
    for _ in iter(lambda: children() <= before, False):
        await asyncio.sleep(0)
    return children() - before


def children() -> set[str]:
    found: set[str] = set()
    for thread in Path(f"/proc/{os.getpid()}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # one that has just ended
            found.update((thread / "children").read_text().split())
    return found
