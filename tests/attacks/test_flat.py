"""Whatever fails gives everything back: after many rounds the server holds no more than after few.

The server runs in this process, on a real socket, so that all it holds can be counted: what is in
its registries, its boards and connections, its tasks and files (tests/support/census.py); in a
soak its memory as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from boards.document import Document
from boards.edits import add_note
from server import app as apps
from server import serving
from server.config import Config
from server.sync.limits import SyncLimits
from server.sync.wire import messages as wire
from server.workshops.doors import waiting
from tests.attacks.place import Place, join, people_of
from tests.support.census import census
from tests.support.process import resident
from tests.support.seed import SOAK, rounds
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import item, section, update

Json = dict[str, Any]

WARM, MORE = 2, 6  # rounds
SETTLED_SECONDS = 30.0
FILES = 2  # that a child process, or a client of ours, may still have open; not one a round
SAME = 3  # looks after which it stays as it is
MEMORY = 24 << 20  # bytes that a soak may take besides: the allocator's, and bounded memories
LIMITS = functools.partial(SyncLimits, unload_seconds=0.05, presence_seconds=0.001)
# Meant to remember who and what is gone: emptied at a number, or after a time.
MEMORIES = {
    "Account._owed",
    "Ends._known",
    "Graves._buried",
    "Seats._before",
    "Signs._seen",
    "Usage._noted",
}


@pytest_asyncio.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(apps, "SyncLimits", LIMITS)
    monkeypatch.setattr(serving, "calm_collector", lambda: None)  # of the tests' process
    made: list[Starlette] = []

    def create(config: Config, **options: Any) -> Starlette:
        made.append(apps.create_app(config, **options))
        return made[0]

    monkeypatch.setattr(serving, "create_app", create)
    servers: list[serving.Server] = []

    class Kept(serving.Server):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            servers.append(self)

    monkeypatch.setattr(serving, "Server", Kept)
    config = Config(data=tmp_path / "data", people=5, port=0, workshops_per_hour=100_000)
    listener = serving.listen(config)
    ready = asyncio.Event()
    task = asyncio.create_task(serving.served(config, listener, ready.set))
    await asyncio.wait({task, asyncio.create_task(ready.wait())}, return_when="FIRST_COMPLETED")
    if task.done():  # it did not start
        task.result()
    port = listener.getsockname()[1]
    lobby = getattr(servers[0].config.http, "lobby")  # noqa: B009
    try:
        async with people_of(made[0].state.service, lobby, port) as found:
            yield found
    finally:
        servers[0].should_exit = True
        await task


# -- what fails ------------------------------------------------------------------------------


async def refused_edits(place: Place) -> None:
    me = 7_000 + place.turn
    text = item(yjs.TYPE, bytes([yjs.TEXT]), root="notes", key="bad")
    inner = item(yjs.TYPE, bytes([yjs.TEXT]), parent=(me, 0), key="group")
    note = item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="bad")
    for structs in [text], [note, inner]:
        async with place.sync(place.member["token"]) as ws:
            await ws.send(wire.sync_step1(b"\0"))
            await ws.send(wire.update(update(section(me, 0, structs))))
            await ws.wait_closed()
            assert ws.close_code in (4403, 4422)


async def refused_deliveries(place: Place) -> None:
    note = update(section(7_000 + place.turn, 0, [item(yjs.TYPE, b"\2", root="notes", key="b")]))
    for content in note, b"\xff" * 100:
        answer = await place.anybody.post(
            f"/api/boards/{place.board()}/edits",
            content=content,
            headers={
                "Content-Type": "application/octet-stream",
                "Authorization": f"Bearer {place.member['token']}",
            },
        )
        assert answer.status_code == 422, answer.text


async def held_edits(place: Place) -> None:
    """Somebody writes where it is locked, and goes."""
    await patch(place, locks={place.board(): True})
    document = Document()
    add_note(document, place.board(), zone="challenges", text="ei", at=1)
    async with place.sync(place.member["token"]) as ws:
        await ws.send(wire.sync_step1(b"\0"))
        await ws.send(wire.update(document.get_update()))
        await until(ws, b"\x7a\0\2")  # of the second message
    await patch(place, locks={place.board(): False})


async def patch(place: Place, **fields: object) -> None:
    (await place.http.patch(place.path, json=fields)).raise_for_status()


async def until(ws: Any, first: bytes) -> None:
    async for message in ws:
        if message.startswith(first):
            return


async def gaps(place: Place) -> None:
    """What has a hole before it waits, and its sender is gone."""
    late = item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n")
    async with place.sync(place.member["token"]) as ws:
        await ws.send(wire.sync_step1(b"\0"))
        await ws.send(wire.update(update(section(8_000 + place.turn, 5, [late]))))
        await until(ws, b"\0")


CUT: dict[str, Callable[[Place], bytes]] = {
    "not a word": lambda place: b"",
    "half a head": lambda place: b"GET /healthz HTTP/1.1\r\nHost: h",
    "half a body": lambda place: (
        b"POST /api/join HTTP/1.1\r\nHost: h\r\n"
        b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    ),
    "a handshake": lambda place: place.upgrade(),
    "a handshake of a stranger": lambda place: place.upgrade("x"),
    "a SyncStep1": lambda place: place.upgrade() + masked(wire.sync_step1(b"\0")),
    "half a frame": lambda place: place.upgrade() + masked(wire.sync_step1(b"\0"))[:-1],
    "a piece of a frame": lambda place: place.upgrade() + b"\x02\x81\0\0\0\0\0",
    "an answer": lambda place: (
        place.upgrade() + masked(wire.sync_step1(b"\0")) + masked(wire.sync_step2(b"\0\0"))
    ),
    "an edit": lambda place: (
        place.upgrade() + masked(wire.sync_step1(b"\0")) + masked(wire.update(edit_of(place)))
    ),
}


def edit_of(place: Place) -> bytes:
    entry = item(yjs.ANY, b"\1\x7d\1", root=f"layout/{place.board()}", key="x")
    return update(section(9_000, 0, [entry]))  # after the first time it is known


def masked(frame: bytes) -> bytes:
    return bytes((0x82, 0x80 | len(frame))) + b"\0\0\0\0" + frame


async def cut(place: Place) -> None:
    """With and without something being heard before, with and without a word at the end."""
    for said in CUT.values():
        for hears in (False, True):
            reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
            writer.write(said(place))
            if hears:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1), 0.05)
            if place.turn % 2:
                writer.transport.abort()
            else:
                writer.close()


async def readers_who_take_nothing(place: Place) -> None:
    with socket.create_connection(("127.0.0.1", place.port)) as connection:
        connection.setblocking(False)
        connection.send(place.upgrade() + masked(wire.sync_step1(b"\0")))
        await asyncio.sleep(0.05)


async def failed_exports(place: Place) -> None:
    board = place.board()
    assert (await place.http.get(f"/api/boards/{board}/export.doc")).status_code in (400, 404)
    assert (await place.anybody.get(f"/api/boards/{board}/export.md")).status_code == 401
    assert (await place.http.get(f"/api/boards/{board}/export.ics")).status_code in (400, 404)
    given_up = asyncio.create_task(place.http.get(f"/api/boards/{board}/export.pdf"))
    await asyncio.sleep(0.02)
    given_up.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await given_up


async def closed_boards(place: Place) -> None:
    """Somebody comes to each, writes, and goes; a breakout opens and closes."""
    for board in place.made["boards"]:
        async with place.sync(place.member["token"], board["id"]) as ws:
            await ws.send(wire.sync_step1(b"\0"))
            await until(ws, b"\0")


async def refused_joins(place: Place) -> None:
    wrong = await join(place.anybody, {"join_code": "ABCDEFGH"})
    assert wrong.status_code in (404, 429)  # who guesses on and on is slowed down
    await patch(place, joining="closed")
    assert (await join(place.anybody, place.made)).status_code == 403
    await patch(place, joining="open")
    found = await join(place.anybody, place.made, name="x" * 500)
    assert found.status_code == 400


async def given_up_at_the_door(place: Place) -> None:
    """One says so, one is turned away, one just goes; and one waits where all is deleted."""
    await patch(place, joining="ask")
    knocked = [(await join(place.anybody, place.made)).json() for _ in range(3)]
    await place.anybody.post("/api/waiting/leave", json={"waiting": knocked[0]["waiting"]})
    there = (await place.http.get(f"{place.path}/waiting")).json()
    body = {"turn_away": [each["id"] for each in there[:1]]}
    assert (await place.http.post(f"{place.path}/waiting", json=body)).status_code == 200
    await patch(place, joining="open")
    await delete(place, await opened(place, knocked_at=True))


async def opened(place: Place, *, knocked_at: bool = False) -> Json:
    made: Json = (await place.anybody.post("/api/workshops", json={})).json()
    place.anybody.cookies.clear()
    if knocked_at:
        headers = {"Authorization": f"Bearer {made['token']}"}
        path = f"/api/workshops/{made['id']}"
        await place.anybody.patch(path, json={"joining": "ask"}, headers=headers)
        assert (await join(place.anybody, made)).status_code == 202
    return made


async def delete(place: Place, made: Json) -> None:
    headers = {"Authorization": f"Bearer {made['token']}"}
    answer = await place.anybody.delete(f"/api/workshops/{made['id']}", headers=headers)
    assert answer.status_code == 204


async def deleted_workshops(place: Place) -> None:
    """While somebody is at work there, with a group's board and a merge."""
    made = await opened(place)
    headers = {"Authorization": f"Bearer {made['token']}"}
    board = next(each["id"] for each in made["boards"] if each["key"] == "phenomena")
    path = f"/api/workshops/{made['id']}/breakouts"
    answer = await place.anybody.post(path, json={"board": board, "groups": 2}, headers=headers)
    assert answer.status_code == 201
    async with place.sync(made["token"], board) as ws:
        await ws.send(wire.sync_step1(b"\0"))
        await delete(place, made)
        await ws.wait_closed()
        assert ws.close_code == 4404


async def removed_people(place: Place) -> None:
    joined = (await join(place.anybody, place.made)).json()
    async with place.sync(joined["token"]) as ws:
        await ws.send(wire.sync_step1(b"\0"))
        path = f"{place.path}/people/{joined['person']}"
        assert (await place.http.delete(path)).status_code == 204
        await ws.wait_closed()
        assert ws.close_code in (4401, 4403)  # told why, if that comes first


async def failed_commands(place: Place) -> None:
    """Under keys of their own: what failed is not remembered."""
    for path, body in (
        ("/api/join", {"code": "ABCDEFGH", "name": "x"}),
        (f"{place.path}/breakouts", {"board": "none", "groups": 2}),
        (f"{place.path}/rounds", {"form": "none"}),
        ("/api/workshops", {"workbook_toml": "a = "}),
    ):
        key = {"Idempotency-Key": f"{place.turn:030}"}
        answer = await place.http.post(path, json=body, headers=key)
        assert 400 <= answer.status_code < 500, (path, answer.text)


KINDS: dict[str, Callable[[Place], Awaitable[None]]] = {
    "refused edits": refused_edits,
    "refused deliveries": refused_deliveries,
    "held edits": held_edits,
    "gaps": gaps,
    "cut connections": cut,
    "readers who take nothing": readers_who_take_nothing,
    "failed exports": failed_exports,
    "closed boards": closed_boards,
    "refused joins": refused_joins,
    "given up at the door": given_up_at_the_door,
    "deleted workshops": deleted_workshops,
    "removed people": removed_people,
    "failed commands": failed_commands,
}


@pytest.mark.timeout(240 * SOAK)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
async def test_what_fails_gives_everything_back(
    place: Place, kind: Callable[[Place], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "GONE_SECONDS", 0.2)  # of who waits, and is heard of no more
    async with place.sync(place.made["token"]) as honest:  # who stays on the board
        await honest.send(wire.sync_step1(b"\0"))
        await again(place, kind, WARM)
        before = await settled(place)
        memory = resident()
        await again(place, kind, rounds(MORE))
        after = await settled(place, least=before)
        assert after - before - Counter({"open files": FILES}) == Counter()
    assert resident() - memory < MEMORY


async def again(place: Place, kind: Callable[[Place], Awaitable[None]], many: int) -> None:
    for _ in range(many):
        place.turn += 1
        await kind(place)


async def settled(place: Place, least: Counter[str] | None = None) -> Counter[str]:
    """What is held when nothing goes any more; or as soon as it is no more than this."""
    loop = asyncio.get_running_loop()
    ends, looks = loop.time() + SETTLED_SECONDS, [Counter[str]()] * SAME
    while loop.time() < ends:
        await asyncio.sleep(0.3)
        await place.service.retention.wipe_again()
        await place.service.store.scrub()  # the journal holds nothing then
        looks = [*looks[1:], counted(place)]
        if all(look == looks[0] for look in looks) if least is None else not looks[-1] - least:
            break
    return looks[-1]


def counted(place: Place) -> Counter[str]:
    found = census(place.service, place.lobby)
    return Counter({name: many for name, many in found.items() if name not in MEMORIES})
