"""The journal of SqliteStore: edits that are durable before the database has them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from server.config import Config
from server.maintenance import Finding, check_store
from server.store import Append, Commit, NewBoard, Record, StoreCorrupted
from server.store.sqlite import store as sqlite_store
from server.store.sqlite.journal import JOURNAL, Mark, encoded, replay
from tests.support.journals import edits, flip, found, killed, rows, up_to, update, updates_of

MARK = Mark(7, 3)
SECTOR = 512  # bytes that a disk writes whole or not at all
PUT = Commit("w", puts=[Record("person", "p", "w", {})])


def test_a_record_reads_back() -> None:
    appends = (
        Append("ä", 2**40, (b"", b"x" * 1000), 1_800_000_000_000, ("pöllö", "")),
        Append("b", 1, (b"\0",)),
        Append("b", 2, (b"1", b"2"), 7, ("anna", "anna")),
    )
    content = encoded(8, 0, appends) + encoded(8, 1, (Append("b", 2, (b"2",)),))
    assert len(content) % 8 == 0
    told = replay(content, MARK)
    assert told.appends == (*appends, Append("b", 2, (b"2",)))
    assert (told.generation, told.number, told.position) == (8, 2, len(content))
    assert not told.lost
    assert not told.foreign


def records(generation: int, numbers: range) -> list[bytes]:
    return [encoded(generation, n, (Append("b", n + 1, (update(n + 1),)),)) for n in numbers]


def test_a_record_that_was_cut_short_at_any_byte_is_not_there() -> None:
    first, last = records(8, range(2))
    size = len(last.rstrip(b"\0"))  # what comes after is padding
    for cut in range(size):
        told = replay(first + last[:cut], MARK)
        assert (told.number, told.position, told.lost) == (1, len(first), False)
    assert replay(first + last[:size], MARK).number == 2


@pytest.mark.parametrize("begin", range(SECTOR - 32, SECTOR + 1, 8))
def test_a_record_torn_between_any_sectors_over_old_ones_is_no_damage(begin: int) -> None:
    """Also where its head lies across two of them, and the rest of it is an old record's bytes."""
    old = record_of(7, 0, 4 * SECTOR)
    first, last = record_of(8, 0, begin), record_of(8, 1, 2 * SECTOR)
    whole = first + last
    before, after = first + old[begin:], whole + old[len(whole) :]
    for arrived in product((before, after), repeat=4):
        parts = [disk[n * SECTOR :][:SECTOR] for n, disk in enumerate(arrived)]
        told = replay(b"".join(parts), MARK)
        is_whole = told.position == len(whole)
        assert (told.number, told.lost) == (2 if is_whole else 1, False)
        assert is_whole or told.position == len(first)


def record_of(generation: int, number: int, size: int) -> bytes:
    """A record of so many bytes."""
    updates = (b"x" * length for length in range(size))
    sized = (encoded(generation, number, (Append("b", number + 1, (it,)),)) for it in updates)
    return next(record for record in sized if len(record) == size)


def test_damage_in_the_middle_is_no_end() -> None:
    first, middle, last = records(8, range(3))
    for at in range(len(middle.rstrip(b"\0"))):
        damaged = bytearray(middle)
        damaged[at] ^= 0x10
        told = replay(first + damaged + last, MARK)
        assert told.lost
        assert [append.first_seq for append in told.appends] == [1, 3]
        assert (told.number, told.position) == (3, len(first + middle + last))


def test_two_records_that_are_not_whole_at_the_end_are_damage() -> None:
    first, middle, last = records(8, range(3))
    damaged = middle.replace(b"<2>", b"<3>")
    assert replay(first + damaged + last[:30], MARK).lost
    stale = records(7, range(2))[1]
    assert not replay(first + middle[: len(middle) // 2] + stale, MARK).lost


@pytest.mark.parametrize(
    ("content", "numbers", "next_one"),
    [
        (records(7, range(3)), [], (8, 0)),  # all of them are in the database
        (records(7, range(5)), [4, 5], (7, 5)),  # two came after the mark
        (records(8, range(1)) + records(7, range(1, 3)), [1], (8, 1)),  # written over
        (records(9, range(2)), [], (8, 0)),
        ([], [], (8, 0)),
    ],
)
def test_what_the_database_has_is_not_replayed(
    content: list[bytes], numbers: list[int], next_one: tuple[int, int]
) -> None:
    told = replay(b"".join(content), MARK)
    assert [append.first_seq for append in told.appends] == numbers
    assert (told.generation, told.number) == next_one
    assert not told.lost
    assert told.foreign == (content == records(9, range(2)))


async def test_edits_do_not_touch_the_database_and_are_read_from_memory(tmp_path: Path) -> None:
    async with found(tmp_path) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        for number in (2, 3):
            await store.commit(edits(number))
        assert rows(tmp_path) == [(1, 1)]
        assert await updates_of(store) == up_to(3)
        with pytest.raises(ValueError, match="expected update 4, got 5"):
            await store.commit(edits(5))
        await store.commit(PUT)
        assert rows(tmp_path) == [(1, 1), (3, 2)]
        assert await updates_of(store) == up_to(3)
        await store.commit(edits(4))
    assert rows(tmp_path) == [(1, 1), (3, 2), (4, 1)]
    assert (tmp_path / JOURNAL).read_bytes() == b""


async def test_a_killed_server_leaves_its_edits_to_the_next(tmp_path: Path) -> None:
    folder = await killed(tmp_path, commits=20)
    async with found(folder) as store:
        assert await updates_of(store) == up_to(21)
        assert (folder / JOURNAL).read_bytes() == b""
        assert await store.verify() == []
        await store.commit(edits(22))
    assert rows(folder) == [(1, 1), (21, 20), (22, 1)]


async def test_a_row_holds_64_kib_unless_one_update_is_larger(tmp_path: Path) -> None:
    async with found(tmp_path) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        for number in range(2, 12):
            size = 100_000 if number == 6 else 30_000
            await store.commit(edits(number, size=size))
    assert rows(tmp_path) == [(1, 1), (3, 2), (5, 2), (6, 1), (8, 2), (10, 2), (11, 1)]


async def test_a_full_journal_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "JOURNAL_BYTES", 500)
    async with found(tmp_path) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        for number in range(2, 50):
            await store.commit(edits(number))
        await store.boards()  # behind it on the thread
        assert len(rows(tmp_path)) > 3
        assert (tmp_path / JOURNAL).stat().st_size < 1000
        assert await updates_of(store) == up_to(49)


async def check(folder: Path) -> list[str]:
    """What `hahmo check` finds damaged."""
    told: list[Finding] = []
    await check_store(Config(data=folder), told.append)
    return [finding.item for finding in told if finding.kind == "damaged"]


async def test_damage_is_told_kept_and_never_shown_as_a_board_that_ends(tmp_path: Path) -> None:
    folder = await killed(tmp_path, commits=5, boards="ab")
    flip(folder / JOURNAL, update(3))  # of board a
    damaged = (folder / JOURNAL).read_bytes()
    async with found(folder) as store:
        with pytest.raises(StoreCorrupted, match="updates 3 to 3 are missing"):
            await store.load("a")
        assert await updates_of(store) == up_to(6)
    [kept] = folder.glob(f"{JOURNAL}.damaged-*")
    assert kept.read_bytes() == damaged
    for _ in range(2):
        assert (await check(folder))[:2] == [kept.name, "a"]


async def test_a_hole_before_what_the_journal_holds_is_refused(tmp_path: Path) -> None:
    """As when a damaged journal meets a database that cannot take over its edits."""
    async with found(tmp_path) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        store._pending.add(edits(3).appends)
        with pytest.raises(StoreCorrupted, match="updates 2 to 2 are missing"):
            await store.load("b")


async def test_a_torn_end_is_no_damage(tmp_path: Path) -> None:
    folder = await killed(tmp_path, commits=5)
    flip(folder / JOURNAL, update(6))
    async with found(folder) as store:
        assert await updates_of(store) == up_to(5)
        assert await store.verify() == []
        await store.commit(edits(6))
        assert await updates_of(store) == up_to(6)


async def test_a_journal_of_another_database_is_not_taken(tmp_path: Path) -> None:
    ours = await killed(tmp_path / "ours", commits=2)
    theirs = await killed(tmp_path / "theirs", commits=9)
    shutil.copy(theirs / JOURNAL, ours)
    async with found(ours) as store:
        assert await updates_of(store) == up_to(1)
        assert [file for file, _ in await store.verify()][0] == JOURNAL
        await store.commit(edits(2))
    assert len(list(ours.glob(f"{JOURNAL}.damaged-*"))) == 1


async def test_a_journal_that_was_left_out_of_a_copy_is_missed(tmp_path: Path) -> None:
    async with found(tmp_path / "alive") as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        await store.commit(edits(2))
        await store.commit(PUT)
        shutil.copytree(tmp_path / "alive", tmp_path / "copy")
    (tmp_path / "copy" / JOURNAL).unlink()
    async with found(tmp_path / "copy") as store:
        assert await store.verify() == [(JOURNAL, "the file is missing")]


async def test_a_damaged_mark_is_told_and_the_next_edits_last(tmp_path: Path) -> None:
    folder = await killed(tmp_path, commits=2)
    with closing(sqlite3.connect(folder / "hahmo.sqlite3")) as db, db:
        db.execute("UPDATE journal SET done = 1000")
    async with found(folder) as store:
        assert [file for file, _ in await store.verify()][0] == JOURNAL
        assert await updates_of(store) == up_to(1)
        await store.commit(edits(2))
        shutil.copytree(folder, tmp_path / "again")
    async with found(tmp_path / "again") as store:
        assert await updates_of(store) == up_to(2)


async def test_a_journal_that_does_not_fit_is_kept_and_told(tmp_path: Path) -> None:
    folder = await killed(tmp_path, commits=2)
    with closing(sqlite3.connect(folder / "hahmo.sqlite3")) as db, db:
        db.execute("INSERT INTO log VALUES ('b', 3, 2, 0, x'00', x'')")
    async with found(folder) as store:
        assert [file for file, _ in await store.verify()][0] == JOURNAL
        await store.commit(PUT)
    assert len(list(folder.glob(f"{JOURNAL}.damaged-*"))) == 1
