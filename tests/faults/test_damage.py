"""ST1, ST2: a damaged file costs the boards that it hits; none is shown wrong or as if empty."""

import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from server.config import Config
from server.maintenance import Finding, check_store
from server.store import (
    Append,
    Commit,
    NewBoard,
    Record,
    StoreCorrupted,
    StoredCheckpoint,
    StoreUnavailable,
)
from server.store.sqlite.journal import JOURNAL, MAGIC
from server.store.sqlite.store import SqliteStore
from tests.faults.support.counts import count, tell
from tests.support.journals import killed, up_to

DAMAGES = count("HAHMO_TEST_DAMAGES", ordinary=300, soak=5000)
UPDATES = 30

Boards = dict[str, tuple[bytes, ...]]

pytestmark = pytest.mark.timeout(1800)


async def filled(folder: Path, dice: random.Random) -> Boards:
    """Four boards, two of them with checkpoints."""
    store = SqliteStore(folder)
    await store.open()
    boards: Boards = {}
    for number in range(4):
        board = f"board{number}"
        boards[board] = tuple(dice.randbytes(dice.randrange(10, 3000)) for _ in range(UPDATES))
        created = NewBoard(board, "line", boards[board][0])
        puts = [Record("board", board, "w", {"lineage": "line", "key": "", "kind": ""})]
        await store.commit(Commit("w", creates=[created], puts=puts))
        for seq in range(2, UPDATES + 1):
            updates = (boards[board][seq - 1],)
            puts = [Record("seq", board, "w", {"seq": seq})]  # with one, it is a row
            await store.commit(Commit("w", appends=[Append(board, seq, updates)], puts=puts))
            if number % 2 and seq in (10, 20):
                await store.compact(board, checkpoint(boards[board][:seq]))
    await store.close()
    return boards


def checkpoint(updates: tuple[bytes, ...]) -> StoredCheckpoint:
    return StoredCheckpoint(len(updates), b"sv", b"".join(updates))


def damage(path: Path, dice: random.Random) -> int:
    """One bit, or a few hundred bytes, anywhere in the file; the offset behind the damage."""
    content = bytearray(path.read_bytes())
    at = dice.randrange(len(content))
    end = at + 1
    if dice.random() < 0.5:
        content[at] ^= 1 << dice.randrange(8)
    else:
        part = content[at : at + dice.randrange(1, 512)]
        content[at : at + len(part)] = dice.randbytes(len(part))
        end = at + len(part)
    path.write_bytes(content)
    return end


async def look(folder: Path, boards: Boards, *, hits_end: bool = False) -> Counter[str]:
    """How each board of a damaged folder loads.

    `hits_end`: the journal's last record is hit, which looks like one that a crash cut short.
    """
    store = SqliteStore(folder)
    seen: Counter[str] = Counter()
    try:
        await store.open()
    except StoreUnavailable:
        return Counter(refused=len(boards))
    try:
        for board, updates in boards.items():
            seen[await verdict(store, board, updates)] += 1
        if seen["short"] and not hits_end:
            assert await is_found(store), "nothing is said of a board that lost its end"
    finally:
        await store.close()
    return seen


async def verdict(store: SqliteStore, board: str, updates: tuple[bytes, ...]) -> str:
    try:
        stored = await store.load(board)
    except (StoreCorrupted, StoreUnavailable):
        return "refused"
    if stored is None:
        return "short"
    seq = stored.checkpoint.seq if stored.checkpoint else 0
    if stored.checkpoint and stored.checkpoint != checkpoint(updates[:seq]):
        return "wrong"
    if stored.updates == updates[seq:]:
        return "right"
    return "short" if stored.updates == updates[seq : stored.seq] else "wrong"


async def is_found(store: SqliteStore) -> bool:
    try:
        return bool(await store.verify())
    except StoreUnavailable:
        return True


async def test_st2_a_damaged_file_is_never_read_as_something_else(
    tmp_path: Path, dice: random.Random
) -> None:
    whole = tmp_path / "whole"
    boards = await filled(whole, dice)
    seen: Counter[str] = Counter()
    for _ in range(DAMAGES):
        folder = tmp_path / "damaged"
        shutil.copytree(whole, folder)
        damage(folder / "hahmo.sqlite3", dice)
        seen += await look(folder, boards)
        shutil.rmtree(folder)
    tell("ST2", n=DAMAGES, acked=4 * DAMAGES, lost=seen["wrong"], more=f"boards: {dict(seen)}")
    assert seen["wrong"] == 0
    assert seen["refused"] > 0
    assert seen["right"] > DAMAGES


async def test_st2_a_damaged_journal_is_never_read_as_something_else(
    tmp_path: Path, dice: random.Random
) -> None:
    whole = await killed(tmp_path, commits=UPDATES, boards="abcd")
    boards = dict.fromkeys("abcd", up_to(UPDATES + 1))
    last = (whole / JOURNAL).read_bytes().rindex(MAGIC)
    seen: Counter[str] = Counter()
    for _ in range(DAMAGES):
        folder = tmp_path / "damaged"
        shutil.copytree(whole, folder)
        end = damage(folder / JOURNAL, dice)
        seen += await look(folder, boards, hits_end=end > last)
        shutil.rmtree(folder)
    tell("ST2 journal", n=DAMAGES, acked=4 * DAMAGES, lost=seen["wrong"], more=f"{dict(seen)}")
    assert seen["wrong"] == 0
    assert seen["refused"] > DAMAGES / 4
    assert seen["right"] > DAMAGES


async def test_st2_a_row_that_is_whole_but_anothers_is_refused(tmp_path: Path) -> None:
    """As when a damaged index leads to it: nobody gets to read a board that is not theirs."""
    boards = await filled(tmp_path, random.Random(1))
    theirs = "(SELECT crc, payload FROM log WHERE board = 'board2' AND seq = 5)"
    mine = "board = 'board0' AND seq = 5"
    with sqlite3.connect(tmp_path / "hahmo.sqlite3") as db:
        db.execute(f"UPDATE log SET (crc, payload) = {theirs} WHERE {mine}")
    db.close()
    assert await look(tmp_path, boards) == Counter(right=3, refused=1)


@pytest.mark.parametrize(
    "damaged", ["log SET payload = 'text'", "log SET count = NULL", "board SET lineage = x'00'"]
)
async def test_st2_a_row_whose_values_are_of_another_kind_is_refused(
    tmp_path: Path, damaged: str
) -> None:
    """A damaged header of a row makes text of bytes, or nothing of a number."""
    boards = await filled(tmp_path, random.Random(1))
    with sqlite3.connect(tmp_path / "hahmo.sqlite3") as db:
        schema = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'log'").fetchone()[0]
        db.execute("PRAGMA writable_schema = ON")
        free = schema.replace("count INTEGER NOT NULL", "count INTEGER")
        db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'log'", (free,))
    db.close()
    with sqlite3.connect(tmp_path / "hahmo.sqlite3") as db:
        key = "id" if damaged.startswith("board") else "board"
        db.execute(f"UPDATE {damaged} WHERE {key} = 'board0'")
    db.close()
    assert await look(tmp_path, boards) == Counter(right=3, refused=1)


async def test_hahmo_check_finds_what_a_damaged_index_hides(tmp_path: Path) -> None:
    await filled(tmp_path, random.Random(1))
    path = tmp_path / "hahmo.sqlite3"
    content = path.read_bytes()
    hidden = content.replace(b"board0\x1e", b"board9\x1e")  # in the index: board and number
    assert hidden != content
    path.write_bytes(hidden)
    found: list[Finding] = []
    await check_store(Config(data=tmp_path), found.append)
    assert [finding for finding in found if finding.item == "hahmo.sqlite3"]
