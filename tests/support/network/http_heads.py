"""As much of HTTP as a bad network knows: where a request begins and what it asks."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from dataclasses import dataclass

__all__ = ["END_OF_HEAD", "Seen", "accepted", "read_head", "read_request", "without_upgrade"]

END_OF_HEAD = b"\r\n\r\n"
WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
HOP_HEADERS = (b"upgrade", b"connection", b"sec-websocket")


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came from the client; `path` with its query."""

    method: str
    path: str
    is_upgrade: bool


async def read_head(reader: asyncio.StreamReader) -> bytes:
    """A request's head, empty at the end of the connection; whatever is no HTTP as it comes."""
    try:
        return await reader.readuntil(END_OF_HEAD)
    except asyncio.IncompleteReadError as error:
        return error.partial


def read_request(head: bytes) -> tuple[Seen, int | None]:
    """What it asks, and the bytes of its body; None when only its end tells."""
    first, *lines = head.split(b"\r\n")
    method, path, *_ = [*first.decode("latin-1").split(" "), "", ""]
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    is_upgrade = "upgrade" in headers.get("connection", "").lower()
    length = headers.get("content-length", "0")
    body = None if "transfer-encoding" in headers or not length.isdigit() else int(length)
    return Seen(method, path, is_upgrade), body


def accepted(head: bytes) -> bytes:
    """The answer that opens a WebSocket, whoever gives it."""
    key = re.search(rb"(?im)^sec-websocket-key:\s*(\S+)", head)
    assert key is not None, head
    proof = base64.b64encode(hashlib.sha1(key[1] + WEBSOCKET_GUID).digest())
    opened = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return opened + b"Sec-WebSocket-Accept: " + proof + END_OF_HEAD


def without_upgrade(head: bytes, seen: Seen) -> bytes:
    if not seen.is_upgrade:
        return head
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(HOP_HEADERS))
