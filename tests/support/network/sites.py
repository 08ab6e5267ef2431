"""A board behind a real socket, and frames that are written to it byte by byte."""

import asyncio
import socket
from collections.abc import Callable

from boards import edits
from boards.document import Document
from server.sync.limits import SyncLimits
from tests.support.peer import Peer, texts_of
from tests.support.rooms import BOARD

QUICK = SyncLimits(
    messages_per_second=0,
    commit_seconds=0,
    outbox_bytes=1 << 20,
    blocked_seconds=1.0,
    frame_bytes=1 << 18,
    first_frame_bytes=1 << 20,
)


def note(text: str):  # type: ignore[no-untyped-def]
    def change(document: Document) -> str:
        return edits.add_note(document, BOARD, zone="challenges", text=text, at=1)

    return change


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until it is so."""
    async with asyncio.timeout(10):
        for _ in iter(condition, True):
            await asyncio.sleep(0)


def has_notes(peer: Peer, count: int) -> bool:
    return len(texts_of(peer)) == count


CLOSE = b"\x88\x82\0\0\0\0" + (1000).to_bytes(2, "big")
PING, PONG = b"\x89\x80\0\0\0\0", b"\x8a\x00"


def joined(port: int, receive_buffer: int = 1 << 16) -> socket.socket:
    """A socket behind the opening handshake."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    opened.connect(("127.0.0.1", port))
    opened.sendall(
        f"GET /sync/{BOARD} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):  # and not a byte of what may follow at once
        head += opened.recv(1)
    assert head.startswith(b"HTTP/1.1 101")
    return opened


def masked(message: bytes) -> bytes:
    """The message in a binary frame of a client, with a mask of zeros."""
    length = len(message)
    size = bytes((0x80 | length,)) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    return b"\x82" + size + bytes(4) + message
