"""What a board holds, and what its author is told when it is more, has a bound."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from boards import edits
from boards.document import Document
from server.sync.wire import messages
from tests.faults.support.one_limit import board, fate, later, note, put_right, update_of
from tests.support.rooms import BOARD, Client, settled


async def of_one_update(update: bytes, **changed: float) -> list[tuple[str, int, list[str]]]:
    async with board(**changed) as (rooms, _, client, _):
        client.sync()
        client.send_update(update)
        return await put_right(client, rooms)


async def test_limit_note_characters() -> None:
    for text in "ä" * 50, "🌲" * 50:
        assert await of_one_update(note(text), note_characters=50) == []
        cut = ("text-too-long", 1, [text[0]])
        assert await of_one_update(note(text), note_characters=49) == [cut]


async def test_limit_name_characters() -> None:
    update = update_of(partial(edits.add_theme, name="ä" * 50, zone="challenges"))
    assert await of_one_update(update, name_characters=50) == []
    assert await of_one_update(update, name_characters=49) == [("text-too-long", 1, ["ä"])]


async def test_limit_answer_characters() -> None:
    for most, expected in (50, []), (49, [("text-too-long", 1, ["ä"])]):
        async with board(answer_characters=most) as (rooms, room, client, _):
            room.edit(lambda document: edits.seed_answers(document, ("q",)))
            await settled(rooms)
            client.sync()
            answer = client.document.root("answers")["q"]
            client.send_update(client.document.record(partial(answer.insert, 0, "ä" * 50))[1])
            assert await put_right(client, rooms) == expected


async def test_limit_notes() -> None:
    async with board(notes=3) as (rooms, _, client, _):
        client.sync()
        for _ in range(3):
            client.send_update(note("x"))
        assert await put_right(client, rooms) == []
        client.send_update(note("one too many"))
        assert await put_right(client, rooms) == [("board-full-of-notes", 1, ["one too many"])]
        client.ask()
        client.hear()
        assert client.texts() == ["x"] * 3


async def test_limit_board_bytes() -> None:
    """A board that is full takes no more; who comes back with what it holds is let in."""
    document = Document()
    first = update_of(adder("x" * 500), document)
    before = len(document.get_update())
    second = update_of(adder("y" * 500), document)
    most = before + len(second)
    for bytes_, expected in (most, []), (most - 1, [4]):
        async with board(board_bytes=bytes_) as (rooms, room, client, other):
            client.sync()
            client.send_update(first)
            client.send_update(second)
            client.hear()
            assert (fate(client), client.not_taken) == ("fine", expected)
            stock = Client(room, stock=True)
            stock.send_update(update_of(adder("z" * 600)))
            assert fate(stock) == "board-full"
            other.sync()
            other.send(messages.sync_step2(other.document.get_update()))
            await settled(rooms)
            assert other.error is None


async def test_limit_full_seconds() -> None:
    """Whose edit did not fit is told when it does, and so often it is looked."""
    for seconds, told in (4.9, False), (5.1, True):
        async with board(full_seconds=5, board_bytes=1500) as (rooms, room, client, other):
            client.sync()
            other.sync()
            client.send_update(update_of(adder("x" * 1000), client.document))
            await settled(rooms)
            other.hear()
            client.send_update(update_of(adder("y" * 1000), client.document))
            client.hear()
            assert client.standing == messages.Standing(False, 4, "full")
            [only] = other.document.root("notes").keys()
            clear = other.document.root("notes")[only]["text"].clear
            other.send_update(other.document.record(clear)[1])
            await settled(rooms)
            later(rooms, seconds)
            client.hear()
            assert client.standing.takes == told


def adder(text: str) -> Callable[[Document], str]:
    return partial(edits.add_note, board=BOARD, zone="challenges", text=text, at=1)


async def test_limit_board_bytes_is_of_what_the_board_is_and_not_of_how_it_became_so() -> None:
    document = Document()
    first = update_of(partial(edits.add_note, board=BOARD, zone="z", text="x", at=1), document)
    [only] = document.root("notes").keys()
    async with board(board_bytes=2000) as (_, _, client, _):
        client.send_update(first)
        for at in range(200):
            move = partial(edits.move_note, board=BOARD, note=only, zone="z", position=(at, at))
            client.send_update(update_of(move, document))
        assert fate(client) == "fine"
