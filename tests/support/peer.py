"""The Python peer of the tests: a real WebSocket client with a real document, and ways to wait."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from boards.schema import Board, read_board
from server.demo.peer import DEADLINE, Peer, PeerRefused

__all__ = ["Peer", "PeerRefused", "board_of", "texts_of", "wait_until"]

T = TypeVar("T")


async def wait_until(
    condition: Callable[[], T | None], *peers: Peer, deadline: float = DEADLINE
) -> T:
    """What `condition` gives as soon as that is true; asked again when any of `peers` changes.

    Fails with the condition's last answer after `deadline` seconds.
    """
    ends = asyncio.get_running_loop().time() + deadline
    while not (found := condition()):
        left = ends - asyncio.get_running_loop().time()
        waiting = [asyncio.create_task(peer.changed()) for peer in peers]
        done, pending = await asyncio.wait(
            waiting, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED
        )
        for task in pending:
            task.cancel()
        if not done:
            raise AssertionError(f"still {found!r} after {deadline} s")
    return found


def board_of(peer: Peer, *, kind: str = "notes", key: str = "phenomena") -> Board:
    """The peer's copy of its board, as plain values."""
    return read_board(peer.document, peer.board, kind, key)


def texts_of(peer: Peer) -> list[str]:
    """The texts of the notes that stand on the peer's board, sorted."""
    return sorted(note.text for note in board_of(peer).notes)
