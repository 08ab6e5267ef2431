"""Connections that say nothing, too much, or never come to an end (rules CN11 and CN12)."""

import asyncio
import contextlib
import select
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.doorway import HEAD_BYTES, HEAD_SECONDS, PIPELINE_PAUSE
from tests.support.neighbour import neighbour
from tests.support.process import resident
from tests.support.server import Server, running_server

GET = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST /api/join HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
SILENT = {
    "not a word": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: h\r\nX-",
    "half a body": POST + b"Content-Length: 100\r\n\r\n{",
    "half a body in chunks": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "a WebSocket without a token": b"GET /sync/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
}
FEW = 256  # files that the server may have open
GONE_SECONDS = HEAD_SECONDS + 15  # a busy machine is slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running_server(tmp_path / "data") as running:
        yield running


def opened(server: Server, said: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(said)
    return connection


def rest_of(connection: socket.socket) -> bytes:
    """All that it says until it ends."""
    heard = b""
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(65_536):
            heard += data
    return heard


@pytest.mark.parametrize("said", SILENT.values(), ids=SILENT.keys())
def test_cn11_who_keeps_the_server_waiting_is_let_go(server: Server, said: bytes) -> None:
    began = time.monotonic()
    with opened(server, said) as connection:
        connection.settimeout(GONE_SECONDS)
        heard = rest_of(connection)
    assert time.monotonic() - began < GONE_SECONDS
    if said and not heard.startswith(b"HTTP/1.1 101"):
        assert heard.startswith(b"HTTP/1.1 408 ")
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("said", SILENT.values(), ids=SILENT.keys())
async def test_cn11_a_thousand_silent_ones_take_no_place(tmp_path: Path, said: bytes) -> None:
    with running_server(tmp_path / "data", files=FEW) as server:
        async with neighbour(server.url):
            with contextlib.ExitStack() as stack:

                def flood() -> None:
                    for _ in range(4 * FEW):
                        with contextlib.suppress(ConnectionError):
                            stack.enter_context(opened(server, said))

                await asyncio.to_thread(flood)
                async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
                    for _ in range(5):
                        assert (await http.get(f"{server.url}/healthz")).text == "alive\n"


@pytest.mark.parametrize("line", [b"X: " + b"y" * 999, b"X: y"], ids=["long lines", "many lines"])
async def test_cn12_a_head_without_end_is_refused(server: Server, line: bytes) -> None:
    async with neighbour(server.url):

        def flood() -> tuple[int, bytes]:
            with opened(server, b"GET / HTTP/1.1\r\nHost: h\r\n") as connection:
                sent = 0
                with contextlib.suppress(ConnectionError):
                    while sent < 20 << 20:
                        sent += connection.send((line + b"\r\n") * 100)
                return sent, rest_of(connection)

        sent, heard = await asyncio.to_thread(flood)
        assert sent < 20 << 20
        assert heard[:13] in (b"HTTP/1.1 431 ", b"")  # a reset may overtake the answer


CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"x: y\r\n" * 4_000),
    "a trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nx: ", b"y" * 24_000),
    "tiny chunks": (CHUNKED, b"1\r\na\r\n" * 4_000),
    "a chunk's extension": (CHUNKED + b"2", b";a=b" * 6_000),
    "a body that nobody reads": (GET[:-2] + b"Content-Length: 999999999\r\n\r\n", b"y" * 24_000),
    "chunks that nobody reads": (
        GET[:-2] + b"Transfer-Encoding: chunked\r\n\r\n",
        b"1\r\na\r\n" * 4_000,
    ),
}


@pytest.mark.parametrize(("head", "more"), ENDLESS.values(), ids=ENDLESS.keys())
async def test_cn12_a_body_that_is_hardly_one_is_refused(
    server: Server, head: bytes, more: bytes
) -> None:
    before = most = resident(server.pid)

    def flood() -> int:
        nonlocal most
        sent = 0
        with opened(server, head) as connection, contextlib.suppress(ConnectionError):
            while sent < 20 << 20:
                sent += connection.send(more)
                most = max(most, resident(server.pid))
        return sent

    async with neighbour(server.url):
        assert await asyncio.to_thread(flood) < 20 << 20
    assert most - before < 16 << 20
    assert "Traceback" not in server.log.read_text()


def test_cn12_what_follows_a_body_is_no_head(server: Server) -> None:
    """And chunks as clients make them are understood, small ones at the end too."""
    body = b'{"code": "ABCDEF", "name": "Koivu"}'
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:30], body[30:]))
    trailer = b"0\r\nAuthorization: Bearer x\r\n\r\n"
    last = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with opened(server, CHUNKED + chunks + trailer + GET + last) as connection:
        heard = rest_of(connection)
    assert [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]] == [b"404", b"200", b"200"], heard


def test_cn12_a_head_is_refused_from_a_size_on(server: Server) -> None:
    for size, status in (HEAD_BYTES - 100, b"200"), (HEAD_BYTES, b"431"):
        with opened(server) as connection:
            head = b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: "
            connection.sendall(head + b"y" * (size - len(head)) + b"\r\n\r\n")
            assert rest_of(connection).startswith(b"HTTP/1.1 " + status)


async def test_cn12_requests_without_number_wait_outside(server: Server) -> None:
    before = most = resident(server.pid)

    def flood() -> None:
        """As many as the server takes in three seconds, reading no answer."""
        nonlocal most
        with opened(server) as connection:
            connection.setblocking(False)
            ends = time.monotonic() + 3
            while time.monotonic() < ends:
                with contextlib.suppress(BlockingIOError, ConnectionError):
                    connection.send(GET * 20_000)
                most = max(most, resident(server.pid))
                select_for(connection)

    async with neighbour(server.url):
        await asyncio.to_thread(flood)
    assert most - before < 64 << 20


def select_for(connection: socket.socket) -> None:
    """Wait a moment until it takes something again."""
    select.select([], [connection], [], 0.1)


def test_cn12_requests_in_one_go_are_answered_in_their_order(server: Server) -> None:
    asked = (
        GET
        + POST
        + b"Content-Length: 2\r\n\r\n{}"
        + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    )
    for size in len(asked), 7, 1:
        with opened(server) as connection:
            for at in range(0, len(asked), size):
                connection.sendall(asked[at : at + size])
            heard = rest_of(connection)
        told = [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]]
        assert told == [b"200", b"400", b"200"], heard


def test_cn12_requests_in_one_go_leave_the_server_to_others(server: Server) -> None:
    last = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    more = 40
    with opened(server) as connection:
        began = time.monotonic()
        connection.sendall(GET * more + last)
        heard = rest_of(connection)
    assert heard.count(b"HTTP/1.1 200") == more + 1
    assert time.monotonic() - began > more * PIPELINE_PAUSE / 2  # timers are no finer than 1 ms


def test_cn12_a_half_sent_body_does_not_delay_the_end(server: Server) -> None:
    with opened(server, SILENT["half a body"]) as connection:
        with opened(server, GET) as other:  # what came before it has been read
            assert other.recv(100)
        began = time.monotonic()
        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)
        assert rest_of(connection).startswith(b"HTTP/1.1 503 ")
        assert server.process.wait(30) == 0
        assert time.monotonic() - began < 5
