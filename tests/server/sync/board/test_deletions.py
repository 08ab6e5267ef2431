"""How much of a board is deletions is counted when somebody asks, of a large one beside."""

from __future__ import annotations

import asyncio

import pytest

from boards.document import Document, unknown_part
from boards.errors import InvalidUpdate
from server.sync.board.deletions import Deletions
from server.sync.inspection.slices import BESIDE, LONG
from tests.server.sync.room.test_taking import entries, every_second


def board(many: int) -> Document:
    document = Document()
    document.apply_updates([entries(many), every_second(many // 2)])
    return document


def deletions_of(document: Document) -> int:
    return len(unknown_part(document.get_update(), document.get_state_vector()))


async def beside() -> None:
    """What was begun beside the loop is done, and the loop knows."""
    await asyncio.get_running_loop().run_in_executor(BESIDE, int)
    await asyncio.sleep(0)


def test_of_a_small_board_they_are_known_at_once() -> None:
    document = board(100)
    update, vector = document.get_update(), document.get_state_vector()
    assert len(update) < LONG
    assert Deletions(update).most(vector) == deletions_of(document)


async def test_of_a_large_board_they_are_as_many_as_it_has_until_they_are_counted() -> None:
    document = board(20_000)
    update, vector = document.get_update(), document.get_state_vector()
    assert len(update) > LONG
    deletions = Deletions(update)
    assert deletions.most(vector) == len(update)
    await beside()
    assert deletions.most(vector) == deletions_of(document) < len(update)


async def test_a_document_that_is_there_tells_them_at_once() -> None:
    document = board(20_000)
    deletions = Deletions(document.get_update())
    deletions.note(document)
    assert deletions.most(document.get_state_vector()) == deletions_of(document)


async def test_of_what_cannot_be_read_they_stay_as_many_as_it_has() -> None:
    vector = Document().get_state_vector()
    large = Deletions(b"\xff" * (LONG + 1))
    assert large.most(vector) == LONG + 1
    await beside()
    assert large.most(vector) == LONG + 1
    with pytest.raises(InvalidUpdate):
        Deletions(b"\xff\xff").most(vector)
