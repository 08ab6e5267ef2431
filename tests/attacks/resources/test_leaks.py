"""What is refused gives everything back at once, without waiting for the garbage collector."""

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from pycrdt import Map, Text

from boards.document import Document
from server.sync.board import building
from tests.support.rooms import BOARD, Client, board_rooms, settled, write

REFUSED = {
    "a note that is none": lambda document: note(document, {"text": "plain"}),
    "a note in the server's words": lambda document: note(document, {"text": Text(), "group": "g"}),
    "a vote in another's name": lambda document: put(document, "votes", "note/somebody", 1.0),
}


def note(document: Document, fields: dict[str, object]) -> None:
    document.root("notes")["bad"] = Map({"zone": "z", **fields})


def put(document: Document, root: str, key: str, value: object) -> None:
    document.root(root)[key] = value


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("is_large", [False, True], ids=["at once", "once it is built"])
@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
async def test_a_refused_edit_leaves_nothing_of_the_board_it_poisoned(
    change: Callable[[Document], None], is_large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_large:
        monkeypatch.setattr(building, "LONG", 0)
    async with board_rooms() as rooms:
        room = await rooms.acquire(BOARD)
        honest = Client(room)
        honest.sync()
        honest.send_update(write(honest, "stays"))
        await settled(rooms)
        hostile = Client(room)
        hostile.sync()
        hostile.hear()
        update = hostile.document.record(lambda: change(hostile.document))[1]
        if is_large:  # the edit waits for it
            room.close()
            rooms._load(room)
            async with rooms.hold(BOARD, built=False):
                assert not room.loaded_board().state.built
        poisoned = weakref.ref(room.loaded_board())
        hostile.send_update(update)
        await settled(rooms)
        assert hostile.error is not None
        async with rooms.hold(BOARD):
            assert room.loaded
        assert poisoned() is None, gc.get_referrers(poisoned())
        rooms.release(room)
