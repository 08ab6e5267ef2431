"""Who sends what must not be is closed, and nobody else (rule RM9)."""

from boards.schema import read_board
from server.sync.limits import SyncLimits
from server.sync.wire import messages
from tests.support.rooms import BOARD, LIMITS, Client, board_rooms, settled, write


async def test_an_update_that_takes_the_engine_too_long_is_not_kept() -> None:
    limits = SyncLimits(messages_per_second=0, commit_seconds=0, apply_seconds=0.0)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(write(ann))
        assert ann.error is not None
        assert ann.error.close_code == 4422
        while room.document is None:
            await settled(rooms)
        assert not read_board(room.document, BOARD, "notes", "phenomena").notes


async def test_rm9_a_frame_that_is_none_closes_its_sender_alone() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        bea.sync()
        ann.send(b"\x00\x09nonsense")
        assert ann.error is not None
        assert ann.error.close_code == 4400
        ann.send(messages.sync_step1(b"\0"))
        assert ann.hear() == []
        assert bea.error is None


async def test_rm9_too_many_messages_close_their_sender_alone() -> None:
    limits = SyncLimits(messages_per_second=10, messages_burst=20)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, limits=limits)
        for _ in range(25):
            ann.send(messages.KEEPALIVE)
        assert ann.error is not None
        assert ann.error.close_code == 4508
    assert LIMITS.messages_per_second == 0
