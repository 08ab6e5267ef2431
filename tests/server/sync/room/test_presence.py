"""Presence: rules PR1–PR6 of docs/protocol.md."""

import asyncio
import json
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from boards.desk_parts.board_rights import BoardRights
from server.sync.access import Access
from server.sync.errors import MalformedMessage
from server.sync.room.presence import Presence, Visitor
from server.sync.rooms import Rooms
from server.sync.wire import messages
from server.sync.wire.messages import AwarenessEntry
from tests.support.rooms import (
    BOARD,
    WORKSHOP,
    Client,
    access,
    board_rooms,
    facilitator,
    settled,
)
from tests.support.updates.yjs_bytes import awareness_update

ANN = Visitor("p1", "Koivu", 1, "participant")
BEA = Visitor("p2", "Paju", 2, "participant")


def presence() -> Presence[str]:
    return Presence(state_bytes=4096)


def state(client: int, clock: int = 1, **fields: object) -> bytes:
    return awareness_update([AwarenessEntry(client, clock, json.dumps(fields))])


def gone(client: int, clock: int = 2) -> bytes:
    return awareness_update([AwarenessEntry(client, clock, "null")])


def entries(frame: bytes | None) -> dict[int, tuple[int, object]]:
    assert frame is not None
    message = messages.decode(frame)
    assert isinstance(message, messages.Awareness)
    found = messages.read_awareness(message.update)
    return {client: (clock, json.loads(text)) for client, clock, text in found}


def shown(frame: bytes | None) -> dict[int, object]:
    return {client: body for client, (_, body) in entries(frame).items()}


def test_pr1_the_server_says_who_it_is() -> None:
    room = presence()
    room.receive("a", ANN, state(11, user={"id": "p2", "name": "Paju"}, cursor=[1, 2]))
    body = shown(room.everybody())[11]
    assert body == {
        "user": {"id": "p1", "name": "Koivu", "color": 1, "role": "participant"},
        "cursor": [1, 2],
    }


def test_pr2_a_newcomer_sees_everybody_at_once() -> None:
    room = presence()
    assert room.everybody() is None
    room.receive("a", ANN, state(11))
    room.receive("b", BEA, state(22))
    room.changes()
    assert set(entries(room.everybody())) == {11, 22}


def test_pr3_who_leaves_is_gone_and_leaves_no_ghost() -> None:
    room = presence()
    room.receive("a", ANN, state(11))
    room.receive("b", BEA, state(22))
    room.changes()
    room.leave("a")
    assert shown(room.changes()[0]) == {11: None}
    # A stock provider of the other one now echoes the removed state: nobody comes back by that.
    room.receive("b", BEA, state(11, cursor=[0, 0]))
    assert not room.changed
    assert set(entries(room.everybody())) == {22}


def test_pr4_nobody_speaks_for_another_or_mutes_them() -> None:
    room = presence()
    room.receive("a", ANN, state(11, cursor=[1, 1]))
    room.changes()
    room.receive("b", BEA, state(11, clock=2**52, cursor=[9, 9]))
    room.receive("b", BEA, gone(11, clock=2**52))
    assert not room.changed
    room.receive("a", ANN, state(11, clock=2, cursor=[2, 2]))
    assert room.changed


def test_pr5_clocks_grow_whatever_the_client_says_so_a_returning_one_is_seen() -> None:
    room = presence()
    room.receive("a", ANN, state(11, clock=7))
    first = entries(room.changes()[0])[11][0]
    room.leave("a")
    left = entries(room.changes()[0])[11][0]
    room.receive("again", ANN, state(11, clock=7))
    back = entries(room.changes()[0])[11][0]
    assert first < left < back


def test_pr5_who_comes_back_to_a_server_started_anew_is_seen() -> None:
    before, after = presence(), presence()
    before.receive("a", ANN, state(11, clock=7))
    remembered = entries(before.changes()[0])[11][0]
    after.receive("a", ANN, state(11, clock=remembered))
    assert entries(after.changes()[0])[11][0] > remembered


def test_pr5_a_huge_clock_does_not_keep_its_owner_from_being_seen_again() -> None:
    room = presence()
    room.receive("a", ANN, state(11, clock=2**53 - 1))
    first = entries(room.changes()[0])[11][0]
    room.receive("a", ANN, state(11, clock=2**53 - 1))
    assert first < entries(room.changes()[0])[11][0] < 2**53


def test_pr5_the_same_person_takes_over_from_a_half_open_connection() -> None:
    room = presence()
    room.receive("old", ANN, state(11, cursor=[1, 1]))
    room.receive("new", ANN, state(11, cursor=[2, 2]))
    room.changes()
    room.leave("old")
    assert not room.changed
    assert set(entries(room.everybody())) == {11}


def test_pr6_one_connection_shows_one_state() -> None:
    room = presence()
    for client in range(1, 50):
        room.receive("a", ANN, state(client))
    assert len(room) == 1


def test_no_echo_reaches_the_owner() -> None:
    room = presence()
    room.receive("a", ANN, state(11))
    room.receive("b", BEA, state(22))
    frame, own = room.changes()
    assert set(entries(frame)) == {11, 22}
    assert own.keys() == {"a", "b"}
    assert set(entries(own["a"])) == {22}
    room.receive("a", ANN, state(11))
    assert room.changes()[1] == {"a": None}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '"x"', "7", "[" * 4000, '{"x": NaN}', '{"x": -Infinity}', "{}}"],
)
def test_a_state_that_is_no_json_object_is_malformed(text: str) -> None:
    update = awareness_update([AwarenessEntry(11, 1, text)])
    with pytest.raises(MalformedMessage):
        presence().receive("a", ANN, update)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        " {\n} ",
        '{"user": {"id": "p2"}}',
        '{"us\\u0065r": 1, "x": "\\ud800"}',
        '{"x": 1e999} ',
    ],
)
def test_pr1_whatever_a_state_says_of_its_user_the_server_has_the_last_word(text: str) -> None:
    room = presence()
    room.receive("a", ANN, awareness_update([AwarenessEntry(11, 1, text)]))
    [(_, _, told)] = messages.read_awareness(messages.decode(room.everybody() or b"").update)  # type: ignore[union-attr]
    heard = in_browser(told)
    assert heard["user"] == {"id": "p1", "name": "Koivu", "color": 1, "role": "participant"}
    assert heard.keys() == json.loads(text).keys() | {"user"}


def in_browser(text: str) -> Any:
    """What JSON.parse of a browser's engine makes of it."""
    script = "console.log(JSON.stringify(JSON.parse(process.argv[1])))"
    said = subprocess.run(
        ["node", "-e", script, "--", text], capture_output=True, text=True, check=True
    )
    return json.loads(said.stdout)


def test_a_state_that_is_too_large_is_malformed() -> None:
    with pytest.raises(MalformedMessage):
        presence().receive("a", ANN, state(11, x="y" * 5000))


def test_half_a_surrogate_pair_does_not_stop_the_frame() -> None:
    room = presence()
    room.receive("a", ANN, awareness_update([AwarenessEntry(11, 1, '{"x":"\\ud800ä"}')]))
    assert len(entries(room.changes()[0])) == 1


async def heard_by(client: Client, rooms: Rooms) -> object:
    """What it is told of client id 11, once it is told of it."""
    async with asyncio.timeout(10):
        while not (heard := client.hear()):
            await settled(rooms)
    [message] = heard
    assert isinstance(message, messages.Awareness)
    [(_, _, state)] = messages.read_awareness(message.update)
    return json.loads(state)["user"]["name"]


async def test_a_room_tells_everybody_but_the_one_who_moved() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room, access("koivu")), Client(room)
        for client in (ann, bea):
            client.sync()
        ann.send(messages.awareness([AwarenessEntry(11, 1, "{}")]))
        assert await heard_by(bea, rooms) == "Koivu"
        assert ann.hear() == []


async def test_pr1_who_has_another_name_is_shown_by_that() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room, access("koivu")), Client(room)
        for client in (ann, bea):
            client.sync()
        for clock, name in enumerate(("Koivu", "Paju"), start=1):
            ann.connection.access = replace(ann.access, name=name)
            ann.send(messages.awareness([AwarenessEntry(11, clock, "{}")]))
            assert await heard_by(bea, rooms) == name


def test_jd19_who_is_hidden_has_no_name_from_that_moment_and_a_mask_of_the_connection() -> None:
    room = presence()
    name = 'Ko"user":{"ivu'
    room.receive("a", replace(ANN, name=name), state(11, edit="n", user={"name": "Koivu"}))
    room.receive("b", BEA, state(12))
    room.changes()
    hidden = replace(ANN, name=name, mask="x" * 20)
    room.introduce("a", hidden)
    room.introduce("b", BEA)  # of whom nothing is new
    changed, _ = room.changes()
    assert list(entries(changed)) == [11]
    assert b"ivu" not in changed
    assert b"p1" not in changed
    user = {"id": "x" * 20, "name": "", "color": 0, "role": "participant"}
    assert shown(changed)[11] == {"edit": "n", "user": {**user, "color": 120 * 20 % 12}}
    room.receive("a", hidden, state(11, clock=9, edit="m"))
    assert b"ivu" not in room.changes()[0]
    room.introduce("a", ANN)
    assert shown(room.everybody())[11] == {"edit": "m", "user": json.loads(ANN.as_member[7:-1])}
    room.introduce("nobody here", ANN)


async def heard_of(client: Client, rooms: Rooms, *numbers: int) -> str:
    """What it is told of these client ids, once it is told of all of them, as it came."""
    found: dict[int, str] = {}
    async with asyncio.timeout(10):
        while not set(numbers) <= found.keys():
            for heard in client.hear():
                if isinstance(heard, messages.Awareness):
                    read = messages.read_awareness(heard.update)
                    found |= {number: text for number, _, text in read}
            await settled(rooms)
    return " ".join(found.values()).lower()


async def test_jd19_a_board_is_anonymous_at_once_and_to_everybody() -> None:
    bound = BoardRights(anonymous=True)
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room, access("kuovi")), Client(room, access("lokki"))
        lead = Client(room, facilitator())
        for client, number in ((ann, 11), (bea, 12), (lead, 13)):
            client.sync()
            client.send(messages.awareness([AwarenessEntry(number, 1, "{}")]))
        assert "kuovi" in await heard_of(bea, rooms, 11, 13)
        assert "lokki" in await heard_of(lead, rooms, 11, 12)

        def hide(who: Access) -> Access:
            return who if who.role == "facilitator" else replace(who, allowed=bound)

        rooms.reauthorise(WORKSHOP, hide)
        told = await heard_of(lead, rooms, 11, 12) + await heard_of(bea, rooms, 11)
        assert "kuovi" not in told
        assert "lokki" not in told
        new = Client(room, replace(access("tiira"), allowed=bound))
        new.ask()
        new.send(messages.awareness([AwarenessEntry(14, 1, "{}")]))
        told = await heard_of(new, rooms, 11, 12, 13) + await heard_of(lead, rooms, 14)
        assert '"name":"lead"' in told  # who leads is not hidden
        assert not any(name in told for name in ("kuovi", "lokki", "tiira"))
