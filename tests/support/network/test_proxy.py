"""The bad network of the tests does what it says, on real sockets before a real server."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from boards.edits import add_note
from tests.support.network.proxy import Proxy, Way, proxy_to
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.server import Server, running_server

Workshop = dict[str, Any]
SOON = 0.3  # seconds in which nothing may come of what is held


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("proxy") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: Server) -> Iterator[Proxy]:
    with proxy_to(server.port) as proxy:
        yield proxy


@pytest.fixture
def way(proxy: Proxy) -> Way:
    return proxy.way("Tiira")


@pytest.fixture
def http(way: Way) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=way.url, timeout=5.0, trust_env=False) as http:
        yield http


@pytest.fixture
def workshop(server: Server) -> Workshop:
    made = httpx.post(f"{server.url}/api/workshops", json={"title": "Verkko"}, trust_env=False)
    workshop: Workshop = made.raise_for_status().json()
    return workshop


def peer(address: str, workshop: Workshop) -> Peer:
    return Peer(address, workshop["boards"][0]["id"], token=workshop["token"])


def write(peer: Peer, text: str) -> str:
    return peer.edit(partial(add_note, board=peer.board, zone="challenges", text=text, at=1))


def alive(http: httpx.Client) -> bool:
    return http.get("/healthz").text == "alive\n"


def people(server: Server, workshop: Workshop) -> list[str]:
    """Names of who joined, as the server has them."""
    answer = httpx.get(
        f"{server.url}/api/workshops/{workshop['id']}",
        headers={"Authorization": f"Bearer {workshop['token']}"},
        trust_env=False,
    )
    return [each["name"] for each in answer.json()["people"] if each["role"] == "participant"]


def test_what_passes_is_as_without_it_and_is_noted_down(way: Way, http: httpx.Client) -> None:
    for _ in range(2):  # over one connection
        assert alive(http)
    assert http.post("/api/join", json={"code": "x" * 30_000}).status_code == 400
    assert alive(http)  # the next request is told from the body before it
    assert [(seen.method, seen.path) for seen in way.seen] == [
        ("GET", "/healthz"),
        ("GET", "/healthz"),
        ("POST", "/api/join"),
        ("GET", "/healthz"),
    ]
    assert way.open_connections == 1


@pytest.mark.parametrize(("reset", "told"), [(True, "reset"), (False, "end")])
def test_cut_ends_connections_by_rst_or_fin_and_lets_new_ones_in(
    way: Way, http: httpx.Client, reset: bool, told: str
) -> None:
    with socket.create_connection(("127.0.0.1", way.port), 5) as raw:
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
        way.cut(reset=reset)
        assert read_to_the_end(raw) == told
    assert alive(http)


def read_to_the_end(raw: socket.socket) -> str:
    try:
        while raw.recv(1000):
            pass
    except ConnectionResetError:
        return "reset"
    return "end"


def test_a_broken_way_refuses_until_it_is_restored(way: Way, http: httpx.Client) -> None:
    http.get("/healthz")
    way.break_off()
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            http.get("/healthz")
    assert way.open_connections == 0
    way.restore()
    assert alive(http)


def test_the_answer_is_lost_but_the_server_has_done_what_was_asked(
    way: Way, http: httpx.Client, server: Server, workshop: Workshop
) -> None:
    way.lose_answers("POST", "^/api/join$")
    join = partial(http.post, "/api/join", json={"code": workshop["join_code"], "name": "Tiira"})
    with pytest.raises(httpx.TransportError):
        join()
    assert people(server, workshop) == ["Tiira"]
    assert alive(http)  # neither another request nor the next of its kind
    assert join().status_code in (200, 201)


def test_what_is_held_waits_and_comes_whole(way: Way, http: httpx.Client) -> None:
    http.get("/healthz")
    way.hold("down")
    with pytest.raises(httpx.ReadTimeout):
        http.get("/healthz", timeout=SOON)
    way.release()
    assert alive(http)
    way.hold("up")
    with socket.create_connection(("127.0.0.1", way.port), 5) as raw:
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        way.until(lambda: way.held("up"))
        raw.settimeout(SOON)
        with pytest.raises(TimeoutError):
            raw.recv(100)
        raw.settimeout(5)
        way.release("up")
        assert raw.recv(100).startswith(b"HTTP/1.1 200")


def test_a_slow_way_takes_its_time(way: Way, http: httpx.Client) -> None:
    path = "/api/openapi.json"
    size = len(http.get(path, headers={"Accept-Encoding": "identity"}).content)
    way.slow(delay=0.2)
    began = time.monotonic()
    http.get("/healthz")
    assert time.monotonic() - began >= 0.4
    way.slow(rate=4 * size)
    began = time.monotonic()
    assert len(http.get(path, headers={"Accept-Encoding": "identity"}).content) == size
    assert time.monotonic() - began >= 0.2
    way.restore()
    began = time.monotonic()
    http.get("/healthz")
    assert time.monotonic() - began < 0.2


async def test_edits_of_a_held_websocket_arrive_after_it_is_closed(
    way: Way, server: Server, workshop: Workshop
) -> None:
    """Bytes in the network outlive who sent them."""
    async with peer(server.url, workshop) as other:
        async with peer(way.url, workshop) as one:
            await one.saved()
            way.hold("up")
            write(one, "viipyi matkalla")
            whole = len(one.document.get_update())  # what is less may be a pong, or presence
            await noticed(lambda: way.held("up") > whole)
            await one.vanish()
        assert texts_of(other) == []
        way.release()
        await wait_until(lambda: texts_of(other) == ["viipyi matkalla"], other)


async def test_held_answers_that_are_cut_off_are_lost_though_the_edit_is_in(
    way: Way, server: Server, workshop: Workshop
) -> None:
    async with peer(server.url, workshop) as other, peer(way.url, workshop) as one:
        await one.saved()
        way.hold("down")
        write(one, "perillä, kukaan ei kertonut")
        await wait_until(lambda: texts_of(other), other)
        assert one.unsaved == 1
        way.cut()
        way.release()
        await one.saved()
        assert texts_of(other) == texts_of(one) == ["perillä, kukaan ei kertonut"]


async def test_a_quiet_cut_leaves_a_ghost_on_the_server(
    way: Way, server: Server, workshop: Workshop
) -> None:
    async with peer(server.url, workshop) as other, peer(way.url, workshop) as one:
        one.show({"edit": "n"})
        await wait_until(lambda: len(other.others) == 1, other)
        way.break_off(quietly=True)
        await wait_until(lambda: one.closes, one)
        write(other, "eikä kukaan lähtenyt")
        await other.saved()
        assert len(other.others) == 1
        way.restore()
        await wait_until(lambda: texts_of(one), one)


@pytest.mark.parametrize("how", ["swallow", "strip", "refuse", "mute"])
async def test_websockets_do_not_come_through_where_they_are_swallowed(
    way: Way, workshop: Workshop, how: Any
) -> None:
    way.websockets(how)
    one = peer(way.url, workshop).open()
    try:
        await noticed(lambda: len(way.seen) > (how in ("strip", "refuse")))  # it tries again
        assert not one.synced
        way.websockets("pass")
        way.cut()
        await one.until(lambda: one.synced)
    finally:
        await one.close()
    assert all(seen.is_upgrade for seen in way.seen)


async def noticed(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for what the proxy counts while our own loop goes on."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.to_thread(time.sleep, 0.005)
