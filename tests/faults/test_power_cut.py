"""R3: the power goes; whatever was acked is on the disk, and no commit is there by half."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from server.store import (
    Append,
    Commit,
    NewBoard,
    Record,
    StoreCorrupted,
    StoredCheckpoint,
    StoreUnavailable,
)
from server.store.sqlite import database, journal
from server.store.sqlite import store as product
from server.store.sqlite.store import SqliteStore
from tests.faults.support.counts import count, tell
from tests.faults.support.powercut import Cut, Disk, journal_over, sqlite_over

CUTS = count("HAHMO_TEST_CUTS", ordinary=300, soak=1000)
CUTS_PER_HISTORY = 50
COMMITS = 60  # in one history

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("r3")]

Boards = dict[str, tuple[bytes, ...]]


@dataclass
class History:
    """What was written, and all that each commit left: `states[n]` after n + 1 commits."""

    disk: Disk
    states: list[Boards] = field(default_factory=list)


@dataclass
class Result:
    """Of many cuts: commits acked and not there, images that do not open or say a wrong thing."""

    acked: int = 0
    lost: int = 0
    corrupt: int = 0


async def write_history(folder: Path, synchronous: str, dice: random.Random) -> History:
    """Boards come, grow, are compacted and go; most commits are edits and nothing else."""
    disk = Disk(f"disk{dice.randrange(1 << 60)}")
    history = History(disk)
    with pytest.MonkeyPatch.context() as patch:
        pages = dice.choice((10, 40, 1000))
        patch.setattr(database, "sqlite3", sqlite_over(disk.name, checkpoint_pages=pages))
        patch.setattr(journal, "JournalFile", journal_over(disk))
        patch.setattr(product, "JOURNAL_BYTES", dice.choice((4000, 40_000, 400_000)))
        store = SqliteStore(folder, synchronous=synchronous)
        await store.open()
        try:
            boards: Boards = {}
            for number in range(COMMITS):
                commit, boards = next_commit(boards, number, dice)
                history.states.append(boards)
                await store.commit(commit)
                disk.told()
                if boards and dice.random() < 0.2:
                    board = dice.choice(list(boards))
                    await store.compact(board, checkpoint(boards[board]))
        finally:
            await store.close()
    return history


def next_commit(boards: Boards, number: int, dice: random.Random) -> tuple[Commit, Boards]:
    after = dict(boards)
    creates, appends, drops = [], [], []
    only_edits = bool(boards) and dice.random() < 0.8
    if not boards or (not only_edits and dice.random() < 0.5):
        board, update = f"board{number}", dice.randbytes(dice.randrange(1, 3000))
        creates.append(NewBoard(board, "line", update))
        after[board] = (update,)
    for board in boards:
        if dice.random() < 0.5:
            updates = tuple(dice.randbytes(dice.randrange(900)) for _ in range(dice.randint(1, 4)))
            appends.append(Append(board, len(boards[board]) + 1, updates))
            after[board] = boards[board] + updates
        elif not only_edits and dice.random() < 0.1:
            drops.append(board)
            del after[board]
    if only_edits and not appends:
        return next_commit(boards, number, dice)
    puts = [] if only_edits else [Record("commit", "last", "", {"number": number})]
    return Commit("w", creates=creates, appends=appends, drops=drops, puts=puts), after


def checkpoint(updates: tuple[bytes, ...]) -> StoredCheckpoint:
    return StoredCheckpoint(len(updates), b"", b"".join(updates))


async def cut_power(history: History, cuts: int, dice: random.Random) -> Result:
    """So many cuts at random moments of a history, and what is then found."""
    result = Result()
    cut = Cut(history.disk.ops)
    for position in sorted(dice.choices(range(len(cut.ops) + 1), k=cuts)):
        cut.go_to(position)
        with tempfile.TemporaryDirectory() as folder:
            cut.write(Path(folder), dice)
            result.acked += cut.told
            try:
                stored = await commits_in(Path(folder), history)
            except (StoreCorrupted, StoreUnavailable, AssertionError, sqlite3.Error):
                result.corrupt += 1
            else:
                result.lost += max(0, cut.told - stored)
    return result


async def commits_in(folder: Path, history: History) -> int:
    """How many commits the folder holds, none of them by half. Opened as the product does it."""
    store = SqliteStore(folder)
    await store.open()
    try:
        last = await store.get("commit", "last")
        boards = {board: await whole(store, board) for board in await store.boards()}
        states = [{b: b"".join(parts) for b, parts in state.items()} for state in history.states]
        numbers = [number for number, state in enumerate(states) if state == boards]
        at_least = -1 if last is None else int(last["number"])
        stored = max((number for number in numbers if number >= at_least), default=-1)
        assert stored >= 0 or not (last or boards)
        await store.commit(Commit("w", puts=[Record("commit", "more", "", {})]))
        assert await store.verify() == []
        return stored + 1
    finally:
        await store.close()


async def whole(store: SqliteStore, board: str) -> bytes:
    """All that a board holds, whether or not a checkpoint stands for its beginning."""
    stored = await store.load(board)
    assert stored is not None
    return b"".join([*([stored.checkpoint.update] if stored.checkpoint else []), *stored.updates])


async def many_cuts(synchronous: str, cuts: int, dice: random.Random, tmp_path: Path) -> Result:
    total = Result()
    for number in range(-(-cuts // CUTS_PER_HISTORY)):
        history = await write_history(tmp_path / f"{number}", synchronous, dice)
        found = await cut_power(history, min(cuts, CUTS_PER_HISTORY), dice)
        total.acked += found.acked
        total.lost += found.lost
        total.corrupt += found.corrupt
    tell(
        f"R3 {synchronous}",
        n=cuts,
        acked=total.acked,
        lost=total.lost,
        more=f"corrupt={total.corrupt}",
    )
    return total


async def test_r3_st3_power_cuts_lose_nothing_that_was_acked(
    tmp_path: Path, dice: random.Random
) -> None:
    found = await many_cuts("FULL", CUTS, dice, tmp_path)
    assert found.acked > CUTS
    assert (found.lost, found.corrupt) == (0, 0)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
async def test_r3_notices_a_store_that_does_not_sync(
    tmp_path: Path, dice: random.Random, synchronous: str
) -> None:
    found = await many_cuts(synchronous, CUTS_PER_HISTORY, dice, tmp_path)
    assert found.lost + found.corrupt > 0
