"""What anybody can send who may send something, without end: see `ATTACKS`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from boards.document import Document
from boards.edits import add_note
from server.sync.wire import messages
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, section, string, update

__all__ = ["ATTACKS", "Scene", "masked", "prepare", "upgrade"]

PER_SECOND = 60  # messages of one connection, fewer than are allowed
CONNECTIONS = 8
ME = 7
VALUES = 4_900
NOTES, NOTES_AT_ONCE = 4_000, 400  # as many as are felt
VALUE = b"\1" + any_value(1)


@dataclass
class Scene:
    """A workshop of the attackers, one of whose boards is large."""

    url: str
    port: int
    code: str
    workshop: str
    token: str  # of a facilitator, who is a participant as well
    large: str
    small: str
    contested: str  # a board where many client ids wrote at one place

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def socket(self, board: str) -> connect:
        address = f"ws://127.0.0.1:{self.port}/sync/{board}?token={self.token}&ack=1"
        return connect(address, compression=None, proxy=None, max_size=64 << 20, close_timeout=0)


async def prepare(url: str, port: int, *, notes: int = NOTES) -> Scene:
    """Open the workshop and fill its large board within the rules."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        made = (await http.post("/api/workshops", json={})).raise_for_status().json()
        small, large, contested = (each["id"] for each in made["boards"][:3])
        scene = Scene(
            url, port, made["join_code"], made["id"], made["token"], large, small, contested
        )
        edits = [*((large, edit) for edit in filled(large, notes)), (contested, contest())]
        for board, edit in edits:
            await bring(http, scene, board, edit)
    return scene


async def bring(http: httpx.AsyncClient, scene: Scene, board: str, edit: bytes) -> None:
    """As a call, again as long as it is asked to wait."""
    headers = scene.headers | {"Content-Type": "application/octet-stream"}
    while True:
        sent = await http.post(f"/api/boards/{board}/edits", content=edit, headers=headers)
        if sent.status_code != 429:
            break
        await asyncio.sleep(int(sent.headers["Retry-After"]))
    sent.raise_for_status()


def filled(board: str, notes: int) -> Iterator[bytes]:
    """In pieces as clients send them."""
    document = Document()
    for first in range(0, notes, NOTES_AT_ONCE):
        yield document.record(partial(add_notes, document, board, first))[1]


def add_notes(document: Document, board: str, first: int) -> None:
    for number in range(first, first + NOTES_AT_ONCE):
        add_note(document, board, zone="challenges", text=f"lappu {number}", at=number)


def contest() -> bytes:
    """A text of a note, and a first letter in it."""
    note = item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n")
    text = item(yjs.TYPE, bytes([yjs.TEXT]), parent=(ME, 0), key="text")
    return update(section(ME, 0, [note, text, item(yjs.STRING, string("a"), parent=(ME, 1))]))


# -- frames that are sent again and again -----------------------------------------------------


def many_values(board: str) -> bytes:
    """As many entries as one edit may bring; after the first time they are known."""
    root = f"layout/{board}"
    entries = [item(yjs.ANY, VALUE, root=root, key=str(number)) for number in range(VALUES)]
    return messages.update(update(section(ME + 1, 0, entries)))


def many_deletions(board: str) -> bytes:
    ranges = [(2 * (number % (VALUES // 2)), 1) for number in range(19_000)]
    return messages.update(update(deleted=[deletions(ME + 1, ranges)]))


def many_clients(board: str) -> bytes:
    return messages.sync_step1(messages.write_state_vector(dict.fromkeys(range(4_000), 1)))


def many_present(board: str) -> bytes:
    state = '{"x":"' + "y" * 100 + '"}'
    return messages.awareness(messages.AwarenessEntry(client, 1, state) for client in range(1_990))


def flood_of(frame_of: Callable[[str], bytes]) -> Attack:
    async def attack(scene: Scene) -> None:
        frame, first = frame_of(scene.small), many_values(scene.small)
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(flood(scene, scene.small, lambda: frame, first))

    return attack


async def flood(
    scene: Scene, board: str, frame: Callable[[], bytes], first: bytes | None = None
) -> None:
    """Send these, and come back whenever that ends."""
    while True:
        with contextlib.suppress(ConnectionClosed, OSError, TimeoutError, WebSocketException):
            async with scene.socket(board) as socket:
                await socket.send(messages.sync_step1(b"\0"))
                await socket.send(messages.sync_step2(b"\0\0"))
                if first is not None:
                    await socket.send(first)
                reader = asyncio.create_task(drain(socket))
                try:
                    while True:
                        await socket.send(frame())
                        await next_beat()
                finally:
                    reader.cancel()
                    socket.transport.abort()  # who has to wait would say good-bye late
        await asyncio.sleep(0.05)


async def next_beat() -> None:
    """All connections send in one moment, which is worse than one after the other."""
    beat = 1 / PER_SECOND
    await asyncio.sleep(beat - asyncio.get_running_loop().time() % beat)


async def drain(socket: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for _ in socket:
            pass


# -- edits --------------------------------------------------------------------------------


async def refused_edits(scene: Scene) -> None:
    """On a large board, which is loaded anew after each."""
    note = item(yjs.TYPE, bytes([yjs.TEXT]), root="notes", key="bad")
    client = iter(range(10_000, 1 << 30))
    await flood(
        scene, scene.large, lambda: messages.update(update(section(next(client), 0, [note])))
    )


async def one_place(scene: Scene) -> None:
    """Each letter by another client id, all of them at one place."""
    client = iter(range(100_000, 1 << 30))

    def frame() -> bytes:
        letters = item(yjs.STRING, string("x"), left=(ME, 2))
        return messages.update(update(*(section(next(client), 0, [letters]) for _ in range(4))))

    await flood(scene, scene.contested, frame)


async def large_edits(scene: Scene) -> None:
    """New entries, 4,900 in each edit: until the board is full, and then on."""
    client = iter(range(1_000, 1 << 30))

    def frame() -> bytes:
        root, author = f"layout/{scene.small}", next(client)
        entries = [item(yjs.ANY, VALUE, root=root, key=f"{n}") for n in range(VALUES)]
        return messages.update(update(section(author, 0, entries)))

    await flood(scene, scene.small, frame)


async def whole_boards(scene: Scene) -> None:
    """Asked for by who has nothing, and by who has something else."""
    client = iter(range(1, 1 << 30))
    odd = lambda: messages.sync_step1(messages.write_state_vector({next(client): 1}))  # noqa: E731
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(flood(scene, scene.large, odd))


async def sync_steps_in_one_go(scene: Scene) -> None:
    """As many as somebody may send at once, each with an answer of its own."""
    client = iter(range(1, 1 << 30))

    def frames() -> bytes:
        vectors = (messages.write_state_vector({next(client): 1}) for _ in range(350))
        return b"".join(masked(messages.sync_step1(each)) for each in vectors)

    await raw(scene, upgrade(scene.large, scene.token), frames)


def masked(frame: bytes) -> bytes:
    """A message as a client frames it, with a mask of zeros."""
    size = len(frame)
    if size < 126:
        return bytes((0x82, 0x80 | size)) + b"\0\0\0\0" + frame
    if size < 1 << 16:
        return b"\x82\xfe" + size.to_bytes(2, "big") + b"\0\0\0\0" + frame
    return b"\x82\xff" + size.to_bytes(8, "big") + b"\0\0\0\0" + frame


# -- raw bytes ----------------------------------------------------------------------------


async def raw(scene: Scene, head: bytes, more: bytes | Callable[[], bytes]) -> None:
    """Without end, as fast as the server takes it."""
    while True:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
            try:
                writer.write(head)
                while not reader.at_eof():
                    writer.write(more if isinstance(more, bytes) else more())
                    async with asyncio.timeout(1):  # `wait_for` may keep an end from us
                        await writer.drain()
                    await asyncio.sleep(0.01)
            except TimeoutError:
                pass
            finally:
                writer.transport.abort()
        await asyncio.sleep(0.02)


def upgrade(board: str, token: str) -> bytes:
    return (
        f"GET /sync/{board}?token={token}&ack=1 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ).encode()


async def pings(scene: Scene) -> None:
    await raw(scene, upgrade(scene.small, scene.token), b"\x89\x80\0\0\0\0" * 2_000)


async def strangers_pings(scene: Scene) -> None:
    await raw(scene, upgrade("x", ""), b"\x89\x80\0\0\0\0" * 2_000)


async def empty_pieces(scene: Scene) -> None:
    start = upgrade(scene.small, scene.token) + b"\x02\x80\0\0\0\0"
    await raw(scene, start, b"\x00\x80\0\0\0\0" * 2_000)


async def pipelined(scene: Scene) -> None:
    await raw(scene, b"", b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n" * 500)


async def endless_heads(scene: Scene) -> None:
    await raw(scene, b"GET / HTTP/1.1\r\nHost: h\r\n", b"x: y\r\n" * 2_000)


# -- calls --------------------------------------------------------------------------------


def calls(method: str, path: str, at_once: int, body: Any = None, *, signed: bool = True) -> Attack:
    async def attack(scene: Scene) -> None:
        where = path.format(large=scene.large, workshop=scene.workshop)
        told = body(scene) if callable(body) else body
        headers = scene.headers if signed else {}

        async def again(http: httpx.AsyncClient) -> None:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    await http.request(method, where, json=told, headers=headers)

        limits = httpx.Limits(max_connections=at_once)
        async with (
            httpx.AsyncClient(
                base_url=scene.url, trust_env=False, timeout=60, limits=limits
            ) as http,
            asyncio.TaskGroup() as group,
        ):
            for _ in range(at_once):
                group.create_task(again(http))

    return attack


def ghost(scene: Scene) -> dict[str, str]:
    return {"code": scene.code, "name": "Haamu"}


def groups(scene: Scene) -> dict[str, Any]:
    return {"board": scene.large, "groups": 100}


async def many_connections(scene: Scene) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(come_and_go(scene))


async def come_and_go(scene: Scene) -> None:
    while True:
        with contextlib.suppress(ConnectionClosed, OSError, TimeoutError, WebSocketException):
            async with scene.socket(scene.small) as socket:
                await socket.send(messages.sync_step1(b"\0"))
                await socket.recv()


Attack = Callable[[Scene], Awaitable[None]]
ATTACKS: dict[str, Attack] = {
    "what is known already": flood_of(many_values),
    "the same deletions": flood_of(many_deletions),
    "a state vector of many": flood_of(many_clients),
    "presence of many": flood_of(many_present),
    "large edits": large_edits,
    "one place": one_place,
    "refused edits": refused_edits,
    "whole boards": whole_boards,
    "sync steps in one go": sync_steps_in_one_go,
    "pings": pings,
    "a stranger's pings": strangers_pings,
    "empty pieces": empty_pieces,
    "requests in one go": pipelined,
    "heads without end": endless_heads,
    "reading": calls("GET", "/api/boards/{large}", 10),
    "exports": calls("GET", "/api/boards/{large}/export.md", 8),
    "breakouts": calls("POST", "/api/workshops/{workshop}/breakouts", 2, groups),
    "workbooks": calls(
        "POST", "/api/workshops", 2, {"workbook_toml": "a." * 30_000 + "a=1"}, signed=False
    ),
    "ghosts": calls("POST", "/api/join", 8, ghost, signed=False),
    "guesses": calls("POST", "/api/join", 8, {"code": "ABCDEF", "name": "x"}, signed=False),
    "connections": many_connections,
}
