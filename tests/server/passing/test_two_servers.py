"""Two servers on one Redis: wherever somebody connects, it is as if there were one."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.faults.support.crash import Workshop, add_note
from tests.support.passed.servers import several
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.redis.servers import RedisServer
from tests.support.server import Server


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    with RedisServer() as redis, several(redis, tmp_path_factory.mktemp("two")) as running:
        yield running


def test_calls_come_to_the_home_wherever_they_are_made(servers: list[Server]) -> None:
    one, two = servers
    workshop = Workshop.open(one.port, 1)
    elsewhere = Workshop(
        two.url, workshop.id, workshop.boards, workshop.facilitator, workshop.join_code, []
    )
    elsewhere.join("Kuusi")
    desk = elsewhere.call("GET", f"/api/workshops/{workshop.id}")
    assert len(desk["people"]) == 3
    assert elsewhere.call("PATCH", f"/api/workshops/{workshop.id}", title="Uusi")["title"] == "Uusi"
    assert workshop.call("GET", f"/api/workshops/{workshop.id}")["title"] == "Uusi"
    with httpx.Client(base_url=two.url, trust_env=False) as http:
        assert "Uusi" in http.get(f"/j/{workshop.join_code}").text
        assert http.get("/w/nobodys").status_code == 404
        head = http.head(f"/w/{workshop.id}")
        assert (head.status_code, head.content) == (200, b"")
        assert http.get("/static/nothing.js").status_code == 404
    metrics = httpx.get(f"{two.url}/metrics", trust_env=False).text
    assert re.search(r"^hahmo_passed_total [5-9]", metrics, re.M), metrics


async def test_a_command_with_a_key_is_carried_out_once_wherever_it_arrives(
    servers: list[Server],
) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        for number in range(5):
            headers = {"Idempotency-Key": f"key-number-{number}-of-this-test"}
            made = [
                http.post(f"{server.url}/api/workshops", json={}, headers=headers)
                for server in (*servers, *servers)
            ]
            answers = [answer.raise_for_status().json() for answer in await asyncio.gather(*made)]
            assert len({answer["id"] for answer in answers}) == 1
            assert len({answer["token"] for answer in answers}) == 1


async def test_who_is_passed_on_is_told_when_that_server_ends(tmp_path: Path) -> None:
    with RedisServer() as redis, several(redis, tmp_path) as (one, two):
        workshop = await asyncio.to_thread(Workshop.open, one.port, 2)
        peers = [
            Peer(server.url, workshop.boards[0], token=token)
            for server, token in zip((one, two), workshop.tokens, strict=True)
        ]
        async with peers[0] as here, peers[1] as there:
            assert await asyncio.to_thread(two.stop) == 0
            await there.until(lambda: there.closes)
            assert there.closes[0][0] == 1012
            assert here.closes == []


async def test_people_on_both_see_each_other_and_what_they_write(servers: list[Server]) -> None:
    one, two = servers
    workshop = await asyncio.to_thread(Workshop.open, one.port, 2)
    board = workshop.boards[0]
    async with (
        Peer(one.url, board, token=workshop.tokens[0]) as here,
        Peer(two.url, board, token=workshop.tokens[1]) as there,
    ):
        await there.until(lambda: there.synced)
        there.edit(lambda document: add_note(document, board, "sieltä"))
        await there.saved()
        await wait_until(lambda: texts_of(here) == ["sieltä"], here)
        here.edit(lambda document: add_note(document, board, "x" * 60_000))
        await here.saved()
        await wait_until(lambda: len(texts_of(there)) == 2, there)


async def test_what_nobody_serves_is_taken_by_who_is_asked(
    tmp_path: Path, servers: list[Server]
) -> None:
    """Both at once, and a stranger's port for insiders says nothing to nobody."""
    one, two = servers
    workshop = await asyncio.to_thread(Workshop.open, two.port, 1)
    async with Peer(one.url, workshop.boards[0], token=workshop.tokens[0]) as peer:
        await peer.until(lambda: peer.synced)
    inner = inner_port(two)
    for said in (b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", b"hahmo 192.0.2.1 1 http x y\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", inner)
        writer.write(said)
        assert await ending(reader) == b""
        writer.close()


async def ending(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""


def inner_port(server: Server) -> int:
    """The port on which it listens beside its own."""
    sockets = {
        re.search(r"socket:\[(\d+)\]", target)[1]  # type: ignore[index]
        for entry in Path(f"/proc/{server.pid}/fd").iterdir()
        if "socket:" in (target := str(entry.readlink()))
    }
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = {int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A" and row[9] in sockets}
    [port] = ports - {server.own_port}
    return port


async def test_a_socket_is_passed_on_byte_by_byte_and_closed_with_a_code(
    servers: list[Server],
) -> None:
    one, two = servers
    workshop = await asyncio.to_thread(Workshop.open, one.port, 0)
    url = f"{two.ws_url}/sync/{workshop.id}?token=nonsense"
    async with connect(url, proxy=None) as socket:
        await socket.wait_closed()
    assert socket.close_code == 4401
