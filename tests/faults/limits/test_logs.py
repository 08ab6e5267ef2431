"""How a log grows, is cut and becomes history holds at n and is felt at n + 1."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from boards.document import Document
from server.store import Append, Commit, NewBoard, StoredBoard
from server.store.memory import MemoryStore
from server.sync.clock import LoopClock
from server.sync.commit import compactor
from server.sync.commit.compactor import Compactor, checkpoint_of
from server.sync.commit.history import DAY, states
from server.sync.limits import SyncLimits
from tests.faults.support.one_limit import board, limits, note
from tests.support.rooms import BOARD, board_rooms, settled


async def test_limit_commit_seconds() -> None:
    """However many edits, commits are so far apart; the first one comes at once."""
    interval = 0.05
    async with board(LoopClock(), commit_seconds=interval) as (rooms, _, client, _):
        client.sync()
        began = rooms.clock.now()
        for _ in range(10):
            client.send_update(note("x"))
            await settled(rooms)
        assert rooms.committer.commits <= 2 + (rooms.clock.now() - began) / interval


@pytest.mark.parametrize("name", ["log_updates", "log_bytes"])
async def test_limit_log_updates_and_log_bytes(name: str) -> None:
    store = MemoryStore()
    async with board_rooms(store, limits(**{name: 10})) as rooms:
        grown = partial(rooms.compactor.consider, BOARD)
        at = {"log_updates": (1, 0), "log_bytes": (0, 1)}[name]
        assert not grown(9 * at[0], 9 * at[1], False)
        assert grown(10 * at[0], 10 * at[1], False)


async def test_limit_busy_log_updates() -> None:
    """While people write, the log may grow longer than a quiet board's."""
    async with board_rooms(MemoryStore(), limits(log_updates=5, busy_log_updates=10)) as rooms:
        grown = partial(rooms.compactor.consider, BOARD)
        assert not grown(9, 0, True)
        assert grown(10, 0, True)
        assert grown(5, 0, False)


@pytest.mark.parametrize(("seconds", "asked"), [(3600.0, 1), (0.0, 3)])
async def test_limit_checkpoint_seconds(seconds: float, asked: int) -> None:
    """However fast its log grows, a board has so few checkpoints made."""
    async with board(busy_log_updates=1, checkpoint_seconds=seconds) as (rooms, room, client, _):
        grown, count = room._on_grown, 0

        def on_grown(*args: Any) -> bool:
            nonlocal count
            due = grown(*args)
            count += due
            return due

        room._on_grown = on_grown
        client.sync()
        for _ in range(3):
            client.send_update(note("x"))
            await settled(rooms)
        assert count == asked


async def test_limit_replay_seconds() -> None:
    stored = StoredBoard("line", None, (note("x"),))
    assert (await compactor.replayed_elsewhere(stored, seconds=60.0)).seq == 1
    with pytest.raises(TimeoutError):
        await compactor.replayed_elsewhere(stored, seconds=0.0)


async def begins_anew(now: int, *, more: int = 0, days: int = 9) -> bool:
    """Whether a history of three updates, of days 0 to 2, is cut when it may have `more` bytes."""
    store = MemoryStore()
    await store.open()
    document = Document()
    made = [document.record(partial(put_word, document, word))[1] for word in "abcd"]
    await store.commit(Commit("w", creates=[NewBoard(BOARD, "line", made[0], at=0)]))
    for number, update in enumerate(made[1:], start=2):
        append = Append(BOARD, number, (update,), at=(number - 1) * DAY)
        await store.commit(Commit("w", appends=[append]))
        stored = await store.load(BOARD)
        assert stored is not None
        await store.compact(BOARD, checkpoint_of(stored))
    most = sum(size for _, _, size in await store.lengths(BOARD))
    bounds = SyncLimits(history_bytes=most + more, history_days=days)
    await Compactor(store, bounds).history.tidy(BOARD, now)
    history = await store.history(BOARD)
    assert history is not None
    *_, (seq, _, last) = states(history)
    assert (seq, last.root("notes").to_py()) == (4, document.root("notes").to_py())
    return history.base is not None


def put_word(document: Document, word: str) -> None:
    document.root("notes")[word] = word


@pytest.mark.parametrize(("more", "cut"), [(0, False), (-1, True)])
async def test_limit_history_bytes(more: int, cut: bool) -> None:
    assert await begins_anew(0, more=more) == cut


@pytest.mark.parametrize(("days", "cut"), [(9, False), (8, True)])
async def test_limit_history_days(days: int, cut: bool) -> None:
    assert await begins_anew(9 * DAY, days=days) == cut
