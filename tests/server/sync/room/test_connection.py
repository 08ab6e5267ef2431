"""The stages of a connection, and the way between them."""

from server.sync.errors import TooFast
from server.sync.room.connection import Connection, Stage
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, LIMITS, Client, Recorder, access, board_rooms, settled, write


def connection() -> Connection:
    return Connection(access(), Recorder(), LIMITS, HandClock(), wants_acks=True)


def test_who_is_joining_is_not_asked_again_and_who_has_synced_is_once() -> None:
    here = connection()
    assert not here.ask_again()
    here.has_synced()
    assert [here.ask_again(), here.ask_again()] == [True, False]
    here.has_synced()  # with what it was asked for
    assert not here.ask_again()
    here.ask_no_more()
    assert here.ask_again()


def test_what_is_closed_stays_so() -> None:
    here = connection()
    here.close(TooFast("more than it may"))
    here.has_synced()
    here.ask_no_more()
    assert not here.ask_again()
    assert here.stage is Stage.CLOSED


async def test_rm4_who_has_synced_is_asked_once_for_what_an_edit_lacks() -> None:
    async with board_rooms(clock=HandClock()) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        await settled(rooms)
        ann.hear()
        step1 = room.loaded_board().state.sync_step1()
        write(ann, "never sent alone")
        ann.send_update(write(ann, "ahead of it"))
        ann.send_update(write(ann, "and one more"))
        assert ann.outbox.messages.count(step1) == 1
