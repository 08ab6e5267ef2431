"""The WebSocket door of a real server: who gets in, who is sent away, and who is called back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pycrdt import Doc, Map, Text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from boards.desk import read_desk
from boards.document import Document
from boards.edits import add_note
from server.sync.wire import messages
from tests.support.peer import Peer, board_of, texts_of
from tests.support.server import Server, running_server

LOCKED = messages.Standing(False, 0, "read-only")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("sync") / "data") as running:
        yield running


class Story:
    """A workshop with two participants in two groups, on the real server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.made = self.post("/api/workshops", {})
        self.facilitator: str = self.made["token"]
        self.people = [self.join(name) for name in ("Koivu", "Leppä")]
        self.board = next(b["id"] for b in self.made["boards"] if b["key"] == "phenomena")

    def post(self, path: str, body: Any, token: str | None = None, method: str = "POST") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.server.url + path
        answer = httpx.request(method, url, json=body, headers=headers, trust_env=False)
        return answer.raise_for_status().json()

    def join(self, name: str, role: str = "participant") -> Any:
        return self.post("/api/join", {"code": self.made["join_code"], "name": name, "role": role})

    def split(self) -> Any:
        groups = [{"people": [person["person"]]} for person in self.people]
        body = {"board": self.board, "groups": groups}
        return self.post(f"/api/workshops/{self.made['id']}/breakouts", body, self.facilitator)

    def command(self, path: str, body: Any, method: str = "POST") -> Any:
        return self.post(path, body, self.facilitator, method)

    def peer(self, board: str, token: str) -> Peer:
        return Peer(self.server.url, board, token=token)


@pytest.fixture
def story(server: Server) -> Story:
    return Story(server)


@contextlib.asynccontextmanager
async def socket(
    server: Server, board: str, query: str = "", **options: Any
) -> AsyncIterator[ClientConnection]:
    address = f"{server.ws_url}/sync/{board}{query}"
    async with connect(address, compression=None, proxy=None, **options) as connection:
        yield connection


async def sent_away(connection: ClientConnection) -> tuple[int | None, str | None]:
    """Code and reason with which the server closes."""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await connection.recv()
    return connection.close_code, connection.close_reason


async def lets_in(connection: ClientConnection) -> bool:
    """Whether the server answers our first question."""
    await connection.send(messages.sync_step1(Document().get_state_vector()))
    try:
        async with asyncio.timeout(10):
            return isinstance(await connection.recv(), bytes)
    except ConnectionClosed:
        return False


async def test_a_program_comes_in_by_token(story: Story) -> None:
    async with story.peer(story.board, story.people[0]["token"]) as peer:
        peer.edit(
            lambda document: add_note(document, story.board, zone="challenges", text="hei", at=1)
        )
        await peer.saved()
    async with story.peer(story.board, story.people[1]["token"]) as other:
        assert texts_of(other) == ["hei"]


async def test_the_desk_is_live_and_read_only(story: Story) -> None:
    workshop = story.made["id"]
    async with story.peer(workshop, story.people[0]["token"]) as peer:
        await asyncio.to_thread(
            story.command, f"/api/workshops/{workshop}", {"title": "Uusi nimi"}, "PATCH"
        )
        await peer.until(lambda: read_desk(peer.document).title == "Uusi nimi")
        peer.edit(lambda document: document.root("desk").update({"title": "kaapattu"}))
        await peer.until(lambda: was_held(peer))
    async with story.peer(workshop, story.facilitator) as facilitator:
        assert read_desk(facilitator.document).title == "Uusi nimi"
        facilitator.edit(lambda document: document.root("desk").update({"title": "kaapattu"}))
        await facilitator.until(lambda: was_held(facilitator))
    async with story.peer(workshop, story.facilitator) as facilitator:
        assert read_desk(facilitator.document).title == "Uusi nimi"


def was_held(peer: Peer) -> bool:
    """An edit was not taken, and the connection goes on."""
    return peer.connected and peer.standing is not None and peer.standing.number > 0


@pytest.mark.parametrize(
    ("who", "where", "code", "reason"),
    [
        ("nobody", "shared", 4401, "token-unknown"),
        ("forged", "shared", 4401, "token-unknown"),
        ("foreign", "shared", 4401, "token-unknown"),
        ("forged", "unknown", 4404, "board-gone"),
        ("first", "unknown", 4404, "board-gone"),
        ("first", "second's", 4403, "not-allowed"),
        ("observer", "first's", 4403, "not-allowed"),
        ("foreign", "first's", 4401, "token-unknown"),
        ("foreign", "desk", 4401, "token-unknown"),
        ("endless", "shared", 4400, "malformed"),
    ],
)
async def test_who_may_not_is_told_why(
    story: Story, who: str, where: str, code: int, reason: str
) -> None:
    groups = story.split()["groups"]
    tokens = {
        "nobody": "",
        "forged": "?token=" + "x" * 32,
        "endless": "?token=" + "x" * 300,
        "first": f"?token={story.people[0]['token']}",
        "observer": f"?token={story.join('Haapa', 'observer')['token']}",
        "foreign": f"?token={Story(story.server).facilitator}",
    }
    boards = {
        "shared": story.board,
        "unknown": "a" * 20,
        "first's": groups[0]["board"],
        "second's": groups[1]["board"],
        "desk": story.made["id"],
    }
    async with socket(story.server, boards[where], tokens[who]) as connection:
        assert await sent_away(connection) == (code, reason)


async def test_another_lineage_is_sent_away(story: Story) -> None:
    query = f"?token={story.facilitator}&lineage=" + "z" * 20
    async with socket(story.server, story.board, query) as connection:
        assert await sent_away(connection) == (4409, "lineage-mismatch")


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        ("own", None),
        ("https://evil.example", "foreign-origin"),
        ("null", "foreign-origin"),
        (None, "foreign-origin"),
    ],
)
async def test_a_cookie_opens_the_socket_on_our_own_pages_only(
    story: Story, origin: str | None, reason: str | None
) -> None:
    cookie = f"hahmo_{story.made['id']}={story.people[0]['token']}"
    own = story.server.url if origin == "own" else origin
    async with socket(
        story.server,
        story.board,
        origin=Origin(own) if own else None,
        additional_headers={"Cookie": cookie},
    ) as connection:
        if reason is None:
            assert await lets_in(connection)
        else:
            assert await sent_away(connection) == (4403, reason)
            [*_, said] = story.server.log.read_text().splitlines()
            assert f"127.0.0.1:{story.server.port}" in said
            assert repr(origin or "none") in said


async def test_an_observer_reads_and_cannot_write(story: Story) -> None:
    observer = story.join("Haapa", "observer")
    async with story.peer(story.board, observer["token"]) as peer:
        peer.edit(
            lambda document: add_note(document, story.board, zone="challenges", text="ei", at=1)
        )
        await peer.until(lambda: was_held(peer))
        assert peer.closes == []
    async with story.peer(story.board, story.facilitator) as facilitator:
        assert texts_of(facilitator) == []


async def test_a_lock_is_felt_at_once(story: Story) -> None:
    async with story.peer(story.board, story.people[0]["token"]) as peer:
        body = {"locks": {story.board: True}}
        path = f"/api/workshops/{story.made['id']}"
        await asyncio.to_thread(story.command, path, body, "PATCH")
        await peer.until(lambda: peer.standing == LOCKED)
        peer.edit(
            lambda document: add_note(document, story.board, zone="challenges", text="auki", at=1)
        )
        await peer.until(lambda: was_held(peer))
        body = {"locks": {story.board: False}}
        await asyncio.to_thread(story.command, path, body, "PATCH")
        await peer.saved()
        assert peer.closes == []
    async with story.peer(story.board, story.facilitator) as facilitator:
        assert texts_of(facilitator) == ["auki"]


async def test_br16_what_a_member_brings_after_the_end_is_taken(story: Story) -> None:
    breakout = story.split()
    board = breakout["groups"][0]["board"]
    async with story.peer(board, story.people[0]["token"]) as peer:
        peer.edit(lambda document: add_note(document, board, zone="challenges", text="ennen", at=1))
        await peer.saved()
        await asyncio.to_thread(story.command, f"/api/breakouts/{breakout['id']}/close", {})
        peer.edit(lambda document: add_note(document, board, zone="challenges", text="late", at=2))
        await peer.saved()
        assert peer.closes == []
        assert texts_of(peer) == ["ennen", "late"]


async def test_whoever_moves_leaves_the_old_groups_board(story: Story) -> None:
    breakout = story.split()
    first, second = breakout["groups"]
    async with story.peer(first["board"], story.people[0]["token"]) as peer:
        moves = {"groups": [{"id": second["id"], "people": [p["person"] for p in story.people]}]}
        await asyncio.to_thread(story.command, f"/api/breakouts/{breakout['id']}", moves, "PATCH")
        with contextlib.suppress(Exception):
            await peer.until(lambda: peer.refused)
    assert peer.closes == [(4403, "not-allowed")]
    async with story.peer(second["board"], story.people[0]["token"]) as peer:
        assert peer.synced


async def test_a_group_inherits_who_writes_under_which_client_id(story: Story) -> None:
    victim, forger = story.people[0], story.people[1]
    async with story.peer(story.board, victim["token"]) as peer:
        peer.edit(
            lambda document: add_note(document, story.board, zone="challenges", text="a", at=1)
        )
        await peer.saved()
        client, state = peer.client_id, peer.document.get_update()
    breakout = story.split()
    group = next(g for g in breakout["groups"] if forger["person"] in g["people"])
    forged: Doc[Any] = Doc(client_id=client)
    forged.apply_update(state)
    before = forged.get_state()
    forged.get("notes", type=Map)["x" * 20] = Map({"text": Text("x"), "zone": "challenges"})
    query = f"?token={forger['token']}"
    async with socket(story.server, group["board"], query) as connection:
        assert await lets_in(connection)
        await connection.send(messages.update(forged.get_update(before)))
        assert await sent_away(connection) == (4403, "not-allowed")


async def test_a_merge_is_seen_live_by_everybody(story: Story) -> None:
    breakout = story.split()
    group = breakout["groups"][0]
    async with (
        story.peer(group["board"], story.people[0]["token"]) as writer,
        story.peer(story.board, story.people[1]["token"]) as reader,
    ):
        board = group["board"]
        writer.edit(
            lambda document: add_note(document, board, zone="challenges", text="uusi", at=1)
        )
        await writer.saved()
        report = await asyncio.to_thread(
            story.command, f"/api/breakouts/{breakout['id']}/merge", {}
        )
        assert [note["group"] for note in report["added"]] == [group["id"]]
        await reader.until(lambda: texts_of(reader) == ["uusi"])
        await writer.until(lambda: [note.group for note in board_of(writer).notes] == [group["id"]])


async def test_everything_saved_is_there_after_a_kill(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        story = Story(server)
        breakout = story.split()
        board = breakout["groups"][0]["board"]
        async with story.peer(board, story.people[0]["token"]) as peer:
            peer.edit(
                lambda document: add_note(document, board, zone="challenges", text="uusi", at=1)
            )
            await peer.saved()
            server.kill9()
            await asyncio.to_thread(server.restart)
            report = await asyncio.to_thread(
                story.command, f"/api/breakouts/{breakout['id']}/merge", {}
            )
            assert [note["text"] for note in report["added"]] == ["uusi"]
            await peer.until(lambda: peer.synced)
