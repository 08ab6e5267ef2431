"""Everything works however the network cuts what is sent (rule CN2).

`make soak` runs all tests of sockets so (HAHMO_TEST_RECUT=1), these are the way of one edit.
"""

import asyncio
from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from websockets.asyncio.client import connect

from boards.document import Document
from boards.edits import add_note
from server.sync.wire import messages
from tests.support.network.recut import KINDS, Kind, recut
from tests.support.network.sockets import Site, site
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD
from tests.support.server import Server, running_server


@pytest.mark.parametrize("handoff", [True, False], ids=["handoff", "asgi"])
@pytest.mark.parametrize("kind", KINDS)
async def test_cn2_what_is_cut_anew_arrives_whole(kind: Kind, handoff: bool) -> None:
    async with site(handoff=handoff, cut=kind) as here:
        anna, ben = (Peer(here.url, BOARD, token=name) for name in ("anna", "ben"))
        texts = [f"{number}" for number in range(30)]
        async with anna, ben:
            for text in texts:
                anna.edit(partial(add_note, board=BOARD, zone="z", text=text, at=int(text)))
            anna.edit(long_note)
            await anna.saved()
            await wait_until(lambda: len(texts_of(ben)) == 31, ben)
            assert texts_of(ben) == texts_of(anna)
            assert anna.closes == ben.closes == []


def long_note(document: Document) -> None:
    add_note(document, BOARD, zone="z", text="ä🌲" * 1_500, at=99)


@pytest.mark.parametrize("kind", KINDS)
async def test_cn2_a_first_frame_that_comes_in_pieces_while_the_door_is_shut(kind: Kind) -> None:
    door = asyncio.Event()
    step1 = messages.sync_step1(messages.write_state_vector(dict.fromkeys(range(300), 1)))
    async with site(handoff=True, cut=kind, door=door) as here:
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token=anna"
        async with connect(address, proxy=None, compression=None) as socket:
            await socket.send(step1)
            async with asyncio.timeout(10):
                for _ in iter(lambda: here.early() > 0, True):
                    await asyncio.sleep(0)
            door.set()
            async with asyncio.timeout(10):
                while await socket.recv(decode=False) != here_question(here):
                    pass


def here_question(here: Site) -> bytes:
    """What the server asks when it has answered."""
    room = here.rooms.in_memory(BOARD)
    assert room is not None
    return room.loaded_board().state.sync_step1()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("recut") / "data") as running:
        yield running


@pytest.mark.parametrize("kind", KINDS)
def test_cn12_calls_and_pages(server: Server, kind: Kind) -> None:
    with recut(server.own_port, kind) as port, httpx.Client(trust_env=False) as http:
        url = f"http://127.0.0.1:{port}"
        made = http.post(f"{url}/api/workshops", json={"title": "ä" * 80})
        assert made.status_code == 201
        token = {"Authorization": f"Bearer {made.json()['token']}"}
        board = made.json()["boards"][0]["id"]
        document = Document()
        update = document.record(partial(long_note, document))[1]
        brought = http.post(
            f"{url}/api/boards/{board}/edits",
            content=update,
            headers=token | {"Content-Type": "application/octet-stream"},
        )
        assert brought.status_code == 200
        assert http.get(f"{url}/api/boards/{board}", headers=token).json()["notes"][0]["text"]
        assert "</html>" in http.get(url).text
