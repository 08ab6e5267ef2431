"""Keys that open nothing any more: on live connections too, and within a second (M5).

Measured on real sockets at a real server, from the moment at which the command is sent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from boards.edits import add_note
from server.sync.limits import SyncLimits
from server.web.requests import session_cookie
from server.workshops.doors.doors import TOKENS
from tests.support.app import App
from tests.support.asgi import conversation
from tests.support.peer import Peer, texts_of
from tests.support.server import Server, running_server

SECOND = 1.0
GRACE = SyncLimits().grace_seconds
STEP1 = bytes((0, 0, 1, 0))  # the first word of a client that knows nothing
ASK_BACK = (4510, "rights-changed")
SIGNED_OUT = (4401, "token-unknown")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("revoked") / "data") as running:
        yield running


class Story:
    """A workshop and Anna in it."""

    def __init__(self, server: Server, sockets: AsyncExitStack, http: httpx.AsyncClient) -> None:
        self.server = server
        self.sockets = sockets  # closed at the end
        self.http = http  # open already, so that only the command is timed
        self.made = self.post("/api/workshops", {})
        self.id: str = self.made["id"]
        self.lead: str = self.made["token"]
        self.board = next(b["id"] for b in self.made["boards"] if b["key"] == "phenomena")
        self.anna = self.join("Anna")

    def post(self, path: str, body: Any) -> Any:
        answer = httpx.post(self.server.url + path, json=body, trust_env=False)
        return answer.raise_for_status().json()

    def join(self, name: str) -> Any:
        return self.post("/api/join", {"code": self.made["join_code"], "name": name})

    def come_back(self) -> str:
        back = self.post("/api/return", {"code": self.anna["return_code"]})
        return str(back["token"])

    async def socket(self, board: str, token: str) -> ClientConnection:
        """A connection that has been let in."""
        return await self.opened(f"{self.server.ws_url}/sync/{board}?token={token}")

    async def browser(self, board: str, token: str) -> ClientConnection:
        """The same by the cookie that a browser keeps."""
        cookie = {"Cookie": f"{session_cookie(self.id)}={token}"}
        address, origin = f"{self.server.ws_url}/sync/{board}", Origin(self.server.url)
        return await self.opened(address, origin=origin, additional_headers=cookie)

    async def opened(self, address: str, **options: Any) -> ClientConnection:
        socket = await self.sockets.enter_async_context(connect(address, **options))
        await socket.send(STEP1)
        await asyncio.wait_for(socket.recv(), 10)
        return socket

    async def refused(self, token: str) -> tuple[int, str]:
        """How a new connection ends."""
        with pytest.raises(ConnectionClosed) as end:
            await self.socket(self.board, token)
        assert end.value.rcvd is not None
        return end.value.rcvd.code, end.value.rcvd.reason

    async def command(self, path: str, token: str, method: str = "POST", **body: Any) -> Any:
        address = f"/api/workshops/{self.id}{path}"
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.http.request(method, address, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else {}


@pytest_asyncio.fixture
async def story(server: Server) -> AsyncIterator[Story]:
    async with (
        httpx.AsyncClient(base_url=server.url, trust_env=False) as http,
        AsyncExitStack() as sockets,
    ):
        await http.get("/healthz")
        yield Story(server, sockets, http)


async def end_of(socket: ClientConnection) -> tuple[tuple[int, str], float]:
    """How it was closed, and when."""
    async with asyncio.timeout(10):
        await socket.wait_closed()
    return (socket.close_code or 1006, socket.close_reason or ""), time.monotonic()


async def ends(sockets: list[ClientConnection], since: float) -> set[tuple[int, str]]:
    """How all of them ended, each within a second."""
    found = await asyncio.gather(*map(end_of, sockets))
    late = [at - since for _, at in found if at - since > SECOND]
    assert not late, late
    return {how for how, _ in found}


async def test_m5_a_removed_person_is_off_every_socket_within_a_second(story: Story) -> None:
    token = story.anna["token"]
    sockets = [await story.socket(board, token) for board in (story.board, story.id, story.board)]
    other = await story.socket(story.board, story.lead)
    since = time.monotonic()
    await story.command(f"/people/{story.anna['person']}", story.lead, "DELETE")
    assert await ends(sockets, since) == {SIGNED_OUT}
    assert await story.refused(token) == SIGNED_OUT
    await other.ping()


async def test_m5_what_a_removed_person_still_writes_is_nobodys(story: Story) -> None:
    """Not even in the moment in which rights that change leave time for what is on its way."""
    async with Peer(story.server.url, story.board, token=story.anna["token"]) as anna:
        anna.edit(partial(add_note, board=anna.board, zone="challenges", text="ennen", at=1))
        await anna.saved()
        await story.command(f"/people/{story.anna['person']}", story.lead, "DELETE")
        anna.edit(partial(add_note, board=anna.board, zone="challenges", text="jälkeen", at=1))
        await anna.until(lambda: anna.refused)
    async with Peer(story.server.url, story.board, token=story.lead) as lead:
        await lead.until(lambda: texts_of(lead))
        assert texts_of(lead) == ["ennen"]


async def test_m5_a_role_and_a_name_that_are_changed_hold_on_open_connections(story: Story) -> None:
    """What is written in the moment in which the desk says so is still taken, nothing after it."""
    where = f"/people/{story.anna['person']}"
    async with (
        Peer(story.server.url, story.board, token=story.anna["token"]) as anna,
        Peer(story.server.url, story.board, token=story.lead) as lead,
    ):
        anna.show({"place": 1})
        await lead.until(lambda: names_of(lead) == {"Anna"})
        since = time.monotonic()
        await story.command(where, story.lead, "PATCH", role="observer", name="Anna K.")
        await anna.until(lambda: anna.standing is not None and not anna.standing.takes)
        assert time.monotonic() - since < SECOND + GRACE
        anna.edit(partial(add_note, board=anna.board, zone="challenges", text="jälkeen", at=1))
        anna.show({"place": 2})
        await lead.until(lambda: names_of(lead) == {"Anna K."})
        assert texts_of(lead) == []
        await story.command(where, story.lead, "PATCH", role="participant")
        await lead.until(lambda: texts_of(lead) == ["jälkeen"])


def names_of(peer: Peer) -> set[str]:
    return {str(each["user"]["name"]) for each in peer.others.values()}


async def test_m5_signed_out_everywhere_within_a_second(story: Story) -> None:
    stolen, mine = story.come_back(), story.anna["token"]
    sockets = [await story.socket(story.board, token) for token in (stolen, mine)]
    since = time.monotonic()
    keys = await story.command("/sign-out", mine)
    assert await ends(sockets, since) == {ASK_BACK}
    for dead in (stolen, mine):
        assert await story.refused(dead) == SIGNED_OUT
    await story.socket(story.board, keys["token"])


async def test_m5_a_facilitators_link_ends_within_a_second(story: Story) -> None:
    """The link is what is passed on by mistake: who came by it is out, and cannot lead."""
    passed_on = await story.socket(story.id, story.lead)
    since = time.monotonic()
    keys = await story.command("/sign-out", story.lead)
    assert await ends([passed_on], since) == {ASK_BACK}
    assert await story.refused(story.lead) == SIGNED_OUT
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        await story.command("/join-code", story.lead)
    await story.command("/join-code", keys["token"])


async def test_m5_who_leaves_a_device_is_out_in_its_other_tabs_within_a_second(
    story: Story,
) -> None:
    here, there = story.anna["token"], story.come_back()
    tab = await story.browser(story.board, here)
    phone = await story.socket(story.board, there)
    since = time.monotonic()
    await story.command("/leave", here)
    assert await ends([tab, phone], since) == {ASK_BACK}
    assert await story.refused(here) == SIGNED_OUT
    await story.socket(story.board, there)


async def test_m5_a_facilitator_who_leaves_a_device_is_out_in_its_other_tabs(story: Story) -> None:
    """Their token is that of their link and stays good; the browser's cookie is gone."""
    tab = await story.browser(story.id, story.lead)
    since = time.monotonic()
    await story.command("/leave", story.lead)
    assert await ends([tab], since) == {ASK_BACK}


async def test_m5_the_device_that_makes_room_is_out_within_a_second(story: Story) -> None:
    first = await story.socket(story.board, story.anna["token"])
    for _ in range(TOKENS - 1):
        story.come_back()
    since = time.monotonic()
    await story.http.post("/api/return", json={"code": story.anna["return_code"]})
    assert await ends([first], since) == {ASK_BACK}
    assert await story.refused(story.anna["token"]) == SIGNED_OUT


async def test_m5_a_code_that_was_changed_opens_nothing_within_a_second(story: Story) -> None:
    since = time.monotonic()
    told = await story.command("/join-code", story.lead)
    body = {"code": story.made["join_code"], "name": "Liian myöhään"}
    assert (await story.http.post("/api/join", json=body)).status_code == 404
    assert time.monotonic() - since < SECOND
    body = {"code": told["join_code"], "name": "Ajoissa"}
    assert (await story.http.post("/api/join", json=body)).status_code == 201


async def test_m5_many_at_once_mint_no_more_keys_than_one_may_have(app: App) -> None:
    team = await app.team()
    joined = await app.client().post(
        "/api/join", json={"code": team.made["join_code"], "name": "Anna"}
    )
    body = {"code": joined.json()["return_code"]}
    clients = [app.client() for _ in range(4 * TOKENS)]
    answers = await asyncio.gather(*(http.post("/api/return", json=body) for http in clients))
    assert {answer.status_code for answer in answers} == {201}
    tokens = [answer.json()["token"] for answer in answers]
    found = [(await app.by(each).get(f"/api/workshops/{team.id}")).status_code for each in tokens]
    assert sorted(found) == [200] * TOKENS + [401] * 3 * TOKENS


# -- on their way in ----------------------------------------------------------------------------


async def test_m5_who_is_signed_out_while_the_board_loads_does_not_get_in(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token was good when it was looked at, and there was no connection yet to be closed."""
    team = await app.team(1)
    anna = team.people[0]
    looked, go = slow_loading(app, monkeypatch, team.board())
    async with conversation(app, team.board(), anna.token) as sent, asyncio.timeout(10):
        await looked.wait()
        keys = (await anna.http.post(f"/api/workshops/{team.id}/sign-out", json={})).json()
        go.set()
        assert (await sent.get())["type"] == "websocket.accept"
        end = await sent.get()
    assert (end["type"], end["code"], end["reason"]) == ("websocket.close", *ASK_BACK)
    assert (await app.by(keys["token"]).get(f"/api/boards/{team.board()}")).status_code == 200


def slow_loading(
    app: App, monkeypatch: pytest.MonkeyPatch, board: str
) -> tuple[asyncio.Event, asyncio.Event]:
    """The board is read from the store when the second is set; the first is set on the way."""
    looked, go = asyncio.Event(), asyncio.Event()
    load = app.service.store.load

    async def slowly(asked: str) -> Any:
        if asked == board:
            looked.set()
            await go.wait()
        return await load(asked)

    monkeypatch.setattr(app.service.store, "load", slowly)
    return looked, go
