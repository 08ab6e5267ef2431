"""Messages that are allowed, and cost the server a hundred times what others do (rule RM17)."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from boards.document import Document
from boards.edits import add_note
from server.errors import TooManyTries
from server.sync.limits import SyncLimits
from server.sync.transport.delivery import deliver
from server.sync.wire import messages
from tests.support.neighbour import neighbour
from tests.support.network.sockets import Site, site
from tests.support.pauses import watched
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD, LIMITS, access
from tests.support.server import running_server
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, section, update

SECONDS = 4.0  # of each attack
PER_SECOND = 60  # messages of one connection, fewer than are allowed
CONNECTIONS = 4
ME = 7
VALUES = 4_900


def many_values(board: str) -> bytes:
    """As many entries as one edit may bring."""
    value = b"\1" + any_value(1)
    root = f"layout/{board}"
    entries = [item(yjs.ANY, value, root=root, key=str(number)) for number in range(VALUES)]
    return messages.update(update(section(ME, 0, entries)))


def many_deletions(board: str) -> bytes:
    """Every second of them, and each of these again and again."""
    ranges = [(2 * (number % (VALUES // 2)), 1) for number in range(19_000)]
    return messages.update(update(deleted=[deletions(ME, ranges)]))


def many_clients(board: str) -> bytes:
    return messages.sync_step1(messages.write_state_vector(dict.fromkeys(range(4_000), 1)))


def many_present(board: str) -> bytes:
    state = '{"x":"' + "y" * 100 + '"}'
    return messages.awareness(messages.AwarenessEntry(client, 1, state) for client in range(1_990))


KINDS: dict[str, Callable[[str], bytes]] = {
    "what is known already": many_values,
    "the same deletions": many_deletions,
    "a state vector of many": many_clients,
    "presence of many": many_present,
}


@pytest.mark.parametrize("frame_of", KINDS.values(), ids=KINDS.keys())
async def test_rm17_costly_messages_hold_up_their_author_alone(
    tmp_path: Path, frame_of: Callable[[str], bytes]
) -> None:
    with running_server(tmp_path / "data") as server:
        async with httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
            made = (await http.post("/api/workshops", json={})).raise_for_status().json()
        board, frame = made["boards"][0]["id"], frame_of(made["boards"][0]["id"])
        address = f"{server.ws_url}/sync/{board}?token={made['token']}&ack=1"
        async with contextlib.AsyncExitStack() as stack, neighbour(server.url):
            sockets = []
            for _ in range(CONNECTIONS):
                socket = connect(
                    address, compression=None, proxy=None, max_size=64 << 20, close_timeout=0
                )
                sockets.append(await stack.enter_async_context(socket))
                await sockets[-1].send(messages.sync_step1(b"\0"))
                await sockets[-1].send(messages.sync_step2(Document().get_update()))
            await sockets[0].send(many_values(board))
            await asyncio.gather(*(flood(socket, frame) for socket in sockets))
        async with Peer(server.url, board, token=made["token"]) as back:
            await back.saved()


async def flood(socket: ClientConnection, frame: bytes) -> None:
    ends = time.monotonic() + SECONDS
    reader = asyncio.create_task(drain(socket))
    with contextlib.suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(SECONDS):
            while time.monotonic() < ends:
                await socket.send(frame)
                await asyncio.sleep(1 / PER_SECOND)
    reader.cancel()


async def drain(socket: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for _ in socket:
            pass


BOTH = pytest.mark.parametrize("handoff", [True, False], ids=["handoff", "asgi"])
FEW_BYTES = replace(LIMITS, person_bytes=100_000, person_bytes_burst=30_000)


@BOTH
@pytest.mark.parametrize("limits", [LIMITS, FEW_BYTES], ids=["time", "bytes"])
async def test_rm17_who_has_to_wait_loses_nothing(
    limits: SyncLimits, handoff: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.room.shares.SPARE", 0.005)  # felt at once
    waited: list[float] = []
    async with site(handoff=handoff, limits=limits) as here:
        charge = here.rooms.pace.charge

        def noted(*cost: Any) -> float:
            waited.append(charge(*cost))
            return waited[-1]

        monkeypatch.setattr(here.rooms.pace, "charge", noted)
        anna, ben = (Peer(here.url, BOARD, token=name) for name in ("anna", "ben"))
        async with anna, ben:
            for number in range(6):
                anna.edit(partial(place_many, first=number * 3_000))
                anna.edit(partial(add_note, board=BOARD, zone="z", text=f"{number}", at=1))
            await anna.saved()
            expected = [f"{number}" for number in range(6)]
            await wait_until(lambda: texts_of(ben) == expected, ben)
        assert {code for code, _ in anna.closes} == {1006}
        assert max(waited) > 0


@BOTH
async def test_rm17_who_has_to_wait_does_so_on_all_connections(handoff: bool) -> None:
    async with site(handoff=handoff) as here:
        anna, again, ben = (Peer(here.url, BOARD, token=name) for name in ("anna", "anna", "ben"))
        async with anna, again, ben:
            for peer in (anna, again, ben):
                await peer.saved()
            spend(here, "anna")
            again.edit(partial(add_note, board=BOARD, zone="z", text="later", at=1))
            ben.edit(partial(add_note, board=BOARD, zone="z", text="at once", at=2))
            await ben.saved()
            assert texts_of(ben) == ["at once"]
            await wait_until(lambda: sorted(texts_of(ben)) == ["at once", "later"], ben)
            spend(here, "anna")
            with pytest.raises(TooManyTries) as told:
                await deliver(here.rooms, access("anna"), b"\0\0")
            assert told.value.seconds == 1
            await deliver(here.rooms, access("ben"), b"\0\0")


async def test_rm17_a_call_is_paid_for_as_a_message_is() -> None:
    document = Document()
    update = document.record(lambda: place_many(document, first=0))[1]
    async with site(handoff=True, limits=FEW_BYTES) as here:
        anna = access("anna")
        await deliver(here.rooms, anna, update)  # which is more than is free
        with pytest.raises(TooManyTries):
            await deliver(here.rooms, anna, update)


@BOTH
async def test_rm17_newcomers_wait_for_their_workshop_and_who_types_does_not(
    handoff: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: now[0], perf_counter=lambda: 0.0)
    monkeypatch.setattr("server.sync.room.shares.time", clock)
    async with site(handoff=handoff) as here, Peer(here.url, BOARD, token="ben") as ben:
        ben.edit(partial(add_note, board=BOARD, zone="z", text="builds the board", at=1))
        await ben.saved()
        assert here.rooms.pace.charge(access("anna"), 0.0, 0.4, 0) > 0.3
        eve = Peer(here.url, BOARD, token="eve").open()
        async with asyncio.timeout(10):
            for _ in iter(lambda: here.rooms.connections, 2):
                await asyncio.sleep(0)
        for at in range(20):  # long enough for her question to come
            ben.edit(partial(add_note, board=BOARD, zone="z", text="at once", at=at))
            await ben.saved()
        assert not eve.synced
        now[0] += 1
        await eve.until(lambda: eve.synced)
        await eve.close()


@BOTH
async def test_rm17_many_questions_in_one_go_hold_up_nobody_and_fill_no_memory(
    handoff: bool,
) -> None:
    """Each is answered with what its author lacks, which is much and no one else's."""
    async with site(handoff=handoff) as here, here.rooms.hold(BOARD) as room:
        for first in range(0, 15_000, 3_000):
            room.edit(partial(place_many, first=first))
        await here.rooms.committer.commit(room.workshop)
        vectors = (messages.write_state_vector({client: 1}) for client in range(1, 101))
        questions = [messages.sync_step1(each) for each in vectors]
        room.loaded_board().answer(b"\1\1\1")  # the document is built, as on any day
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token=anna"
        async with connect(address, proxy=None, max_size=None, close_timeout=0) as socket:
            socket.transport.pause_reading()
            most = 0
            with watched() as pauses:
                for question in questions:
                    await socket.send(question)
                async with asyncio.timeout(20):
                    for _ in iter(lambda: not room.connections, True):
                        most = max(most, here.unsent())
                        await asyncio.sleep(0)
        assert pauses.longest < 0.25
        assert most < here.rooms.limits.outbox_bytes + 2 * here.rooms.limits.own_answer_bytes


def spend(here: Site, person: str) -> None:
    """They took half a second of the loop."""
    assert here.rooms.pace.charge(access(person), 0.5, 0.0, 0) > 0.3


def place_many(document: Document, *, first: int) -> None:
    places = document.root(f"layout/{BOARD}")
    with document.transaction():
        for number in range(first, first + 3_000):
            places[f"{number}"] = 1.0
