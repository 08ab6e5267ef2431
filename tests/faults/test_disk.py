"""R7: the disk is full, read-only, locked, damaged or taken; then the cause goes away."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.faults.support.counts import tell
from tests.faults.support.crash import (
    ForkServer,
    Ledger,
    Workshop,
    Writer,
    add_note,
    findings,
    forkserver,
    on_disk,
)
from tests.faults.support.disks import Disk, FileLimit, can_mount, read_only, small_disk
from tests.support.peer import board_of
from tests.support.server import free_port

RECOVERY_SECONDS = 5.0
PATIENCE = 30.0
REFUSED = 100  # edits behind: nothing is acked any more

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("r7")]


@pytest.fixture(scope="module")
def forks() -> Iterator[ForkServer]:
    with forkserver() as started:
        yield started
        started.kill()


@pytest.fixture(params=["tmpfs", "rlimit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "rlimit":
        yield FileLimit(tmp_path)
    elif not can_mount(tmp_path):
        pytest.skip("this process may not mount a file system of its own")
    else:
        with small_disk(tmp_path / "small", size="8m") as small:
            yield small


async def ready(workshop: Workshop, status: int) -> float:
    """Seconds until /readyz answers so."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(base_url=workshop.url, trust_env=False, timeout=PATIENCE) as http,
    ):
        while (await http.get("/readyz")).status_code != status:
            continue
    return loop.time() - began


async def texts_read_by_somebody_new(workshop: Workshop) -> set[str]:
    async with workshop.peer(0) as reader:
        return {note.id for note in board_of(reader).notes}


async def test_r7_cn7_a_full_disk_acks_nothing_shows_all_and_goes_on_when_there_is_room(
    forks: ForkServer, disk: Disk, dice: random.Random
) -> None:
    folder, port, ledger = disk.folder / "data", free_port(), Ledger()
    pid = forks.start(folder, port)
    workshop = Workshop.open(port, 4)
    board = workshop.boards[0]
    writers = [Writer(workshop.peer(number).open(), dice) for number in range(3)]
    for writer in writers:
        for _ in range(5):
            writer.edit()
        await writer.peer.saved()
        writer.note_down(ledger)
    disk.fill(pid)
    try:
        async with asyncio.timeout(PATIENCE):
            # As long as the journal has room, edits go on.
            while not all(writer.peer.unsaved > REFUSED for writer in writers):
                for writer in writers:
                    writer.edit()
                await asyncio.sleep(0.01)
        assert {code for writer in writers for code, _ in writer.peer.closes} == {4503}
        await ready(workshop, 503)
        for writer in writers:
            assert writer.peer.unsaved
            writer.note_down(ledger)
        assert ledger.lost(await on_disk(folder)) == []
        standing = {note for note, told in ledger.notes[board].items() if not told.is_deleted}
        assert standing <= await texts_read_by_somebody_new(workshop)
        assert workshop.call("GET", f"/api/boards/{board}")["notes"]
        with pytest.raises(httpx.HTTPStatusError, match="503"):
            workshop.join("Osallistuja 9")
    finally:
        disk.free(pid)
    took = await ready(workshop, 200)
    for writer in writers:
        await writer.peer.saved(deadline=PATIENCE)
        writer.note_down(ledger)
        await writer.peer.close()
    workshop.join("Osallistuja 9")
    os.kill(pid, signal.SIGKILL)
    forks.wait()
    lost = ledger.lost(await on_disk(folder))
    tell("R7", n=1, acked=ledger.acked, lost=len(lost), more=f"recovered in {took:.1f} s")
    assert lost == []
    assert took < RECOVERY_SECONDS
    assert await findings(folder) == []


async def test_r7_g6_a_server_that_starts_on_a_full_disk_shows_what_is_there(
    forks: ForkServer, disk: Disk, dice: random.Random
) -> None:
    """The log of the one before, which was killed, waits to be read; nothing can be written."""
    folder, port, ledger = disk.folder / "data", free_port(), Ledger()
    pid = forks.start(folder, port)
    workshop = Workshop.open(port, 2)
    writer = Writer(workshop.peer(0).open(), dice)
    for _ in range(10):
        writer.edit()
    await writer.peer.saved()
    writer.note_down(ledger)
    await writer.peer.close()
    disk.fill(pid)
    forks.kill()
    forks.wait()
    pid = forks.start(folder, port, largest_file=disk.largest_file)
    standing = {
        note for note, told in ledger.notes[workshop.boards[0]].items() if not told.is_deleted
    }
    assert standing <= await texts_read_by_somebody_new(workshop)
    disk.free(pid)
    await ready(workshop, 200)
    workshop.join("Osallistuja 9")


def server_says(folder: Path) -> tuple[int, str]:
    """The exit status of `hahmo serve` on a folder that it cannot use, and its last words."""
    env = {**os.environ, "HAHMO_DATA": str(folder), "PORT": "0", "LANG": "en_GB.UTF-8"}
    command = [sys.executable, "-m", "server", "serve"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stderr


async def test_r7_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    if not os.geteuid() and not can_mount(folder):
        pytest.skip("root writes everywhere, and this one may not mount")
    with read_only(folder):
        status, said = server_says(folder)
    tell("R7 read-only", n=1, acked=0, lost=0, more=said)
    assert status == 1
    assert str(folder) in said
    assert "Traceback" not in said


async def test_r7_a_second_server_on_a_folder_is_refused_and_the_first_goes_on(
    forks: ForkServer, tmp_path: Path
) -> None:
    folder, port = tmp_path / "data", free_port()
    pid = forks.start(folder, port)
    workshop = Workshop.open(port, 1)
    status, said = server_says(folder)
    tell("R7 two servers", n=1, acked=0, lost=0, more=said)
    assert status == 1
    assert str(pid) in said
    assert str(folder) in said
    assert "Traceback" not in said
    async with workshop.peer(0) as peer:
        peer.edit(partial(add_note, board=peer.board, text="1"))
        await peer.saved()


async def test_r7_a_file_that_another_program_locks_acks_nothing_until_it_lets_go(
    forks: ForkServer, tmp_path: Path
) -> None:
    folder, port = tmp_path / "data", free_port()
    forks.start(folder, port)
    workshop = Workshop.open(port, 1)
    async with workshop.peer(0) as peer:
        other = sqlite3.connect(folder / "hahmo.sqlite3", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        note = peer.edit(partial(add_note, board=peer.board, text="1"))
        await peer.until(lambda: peer.closes, deadline=PATIENCE)
        assert peer.closes[0][0] == 4503
        assert peer.unsaved == 1
        other.execute("ROLLBACK")
        other.close()
        took = await ready(workshop, 200)
        await peer.saved(deadline=PATIENCE)
    assert note in (await on_disk(folder))[workshop.boards[0]]
    tell("R7 locked", n=1, acked=1, lost=0, more=f"recovered in {took:.1f} s")
    assert took < RECOVERY_SECONDS


def payloads(folder: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    db = sqlite3.connect(folder / "hahmo.sqlite3")
    with db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


async def test_r7_st2_a_damaged_board_says_so_and_all_others_serve(
    forks: ForkServer, tmp_path: Path
) -> None:
    folder, port = tmp_path / "data", free_port()
    forks.start(folder, port)
    workshop = Workshop.open(port, 1)
    damaged, whole = workshop.boards[:2]
    notes = {}
    for board in (damaged, whole):
        async with workshop.peer(0, board) as peer:
            notes[board] = peer.edit(partial(add_note, board=board, text="1"))
            await peer.saved()
    forks.kill()
    forks.wait()
    last = "FROM log WHERE board = ? AND seq = 2"
    ((before,),) = payloads(folder, f"SELECT payload {last}", damaged)
    payloads(folder, "UPDATE log SET payload = x'00' WHERE board = ? AND seq = 2", damaged)
    forks.start(folder, port)
    await serves(workshop, whole, notes[whole])
    peer = workshop.peer(0, damaged).open()
    await peer.until(lambda: len(peer.closes) > 1, deadline=PATIENCE)
    assert set(peer.closes) == {(4500, "board-damaged")}
    assert board_of(peer).notes == ()
    assert not peer.synced
    with pytest.raises(httpx.HTTPStatusError, match="500") as told:
        workshop.call("GET", f"/api/boards/{damaged}")
    assert told.value.response.json()["code"] == "board-damaged"
    assert [f.item for f in await findings(folder)] == [damaged]
    assert payloads(folder, f"SELECT count(*) {last}", damaged) == [(1,)]
    payloads(folder, "UPDATE log SET payload = ? WHERE board = ? AND seq = 2", before, damaged)
    await peer.until(lambda: peer.synced, deadline=PATIENCE)  # by itself, once it is repaired
    await peer.close()
    await serves(workshop, damaged, notes[damaged])


async def serves(workshop: Workshop, board: str, note: str) -> None:
    async with workshop.peer(0, board) as peer:
        assert [found.id for found in board_of(peer).notes] == [note]
