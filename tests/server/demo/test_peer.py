"""The Python peer that the demo and the tests rely on: it knows what is saved, and comes back."""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from boards.edits import add_note
from server.demo.api import Api
from tests.support.peer import Peer, PeerRefused, texts_of, wait_until
from tests.support.server import Server, running_server

Workshop = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("peer") / "data") as running:
        yield running


@pytest.fixture
async def workshop(server: Server) -> Workshop:
    created: Workshop = await Api(server.url).post("/api/workshops", {"language": "fi"})
    return created


def peer(server: Server, workshop: Workshop) -> Peer:
    return Peer(server.url, workshop["boards"][0]["id"], token=workshop["token"])


def write(peer: Peer, text: str) -> str:
    change = partial(add_note, board=peer.board, zone="challenges", text=text, at=1)
    return peer.edit(change)


async def test_edits_travel_and_are_known_to_be_saved(server: Server, workshop: Workshop) -> None:
    async with peer(server, workshop) as one, peer(server, workshop) as two:
        write(one, "ensimmäinen")
        write(one, "toinen")
        assert one.unsaved == 2
        await one.saved()
        await wait_until(lambda: texts_of(two) == ["ensimmäinen", "toinen"], two)
        assert two.unsaved == 0


async def test_presence_is_seen_and_goes_with_its_owner(server: Server, workshop: Workshop) -> None:
    async with peer(server, workshop) as one:
        async with peer(server, workshop) as two:
            two.show({"cursor": {"zone": "challenges", "x": 1, "y": 2}})
            state = await wait_until(lambda: one.others.get(two.client_id), one)
            assert state["cursor"] == {"zone": "challenges", "x": 1, "y": 2}
            assert state["user"]["role"] == "facilitator"
        await wait_until(lambda: not one.others, one)


async def test_what_was_not_saved_arrives_after_a_crash(server: Server, workshop: Workshop) -> None:
    async with peer(server, workshop) as one:
        write(one, "ennen")
        await one.saved()
        server.kill9()
        await wait_until(lambda: not one.connected, one)
        write(one, "välissä")
        assert one.unsaved == 1
        server.restart()
        await one.saved()
        async with peer(server, workshop) as two:
            assert texts_of(two) == ["ennen", "välissä"]


async def test_clients_that_vanish_while_they_write_disturb_nobody(
    server: Server, workshop: Workshop
) -> None:
    """Their edits and their acks are on the way when their sockets are torn down."""
    async with peer(server, workshop) as survivor:
        for crowd in range(4):
            others = [await peer(server, workshop).__aenter__() for _ in range(8)]
            for number, other in enumerate(others):
                write(other, f"{crowd}/{number}")
                write(survivor, f"{crowd}/{number} too")
            await asyncio.gather(*(other.vanish() for other in others))
            await survivor.saved()


async def test_a_refusal_is_told_and_final(server: Server, workshop: Workshop) -> None:
    stranger = Peer(server.url, workshop["boards"][0]["id"], token="unknown")
    with pytest.raises(PeerRefused) as refused:
        async with stranger:
            pass
    assert refused.value.code == 4401
    assert stranger.closes == [(4401, "token-unknown")]
    await stranger.close()


async def test_a_copy_of_another_lineage_is_refused(server: Server, workshop: Workshop) -> None:
    board = workshop["boards"][0]["id"]
    stale = Peer(server.url, board, token=workshop["token"], lineage="of-another-time")
    with pytest.raises(PeerRefused) as refused:
        await stale.open().until(lambda: stale.synced)
    assert refused.value.code == 4409
    await stale.close()
