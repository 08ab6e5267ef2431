"""R7: the disk breaks and turns read-only while the server has its files open."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.config import Config
from server.maintenance import back_up
from tests.faults.support.broken_disk import BreakingDisk, breaking_disk
from tests.faults.support.counts import tell
from tests.faults.support.crash import (
    ForkServer,
    Ledger,
    Workshop,
    Writer,
    findings,
    forkserver,
    on_disk,
)
from tests.faults.support.crowd import metric
from tests.support.peer import Peer, board_of
from tests.support.server import free_port

PATIENCE = 30.0
DISK = 64 << 20  # bytes
WRITERS = 3
EDITS = 20

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("r7")]


@pytest.fixture
def forks() -> Iterator[ForkServer]:
    with forkserver() as started:
        yield started
        started.kill()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[BreakingDisk]:
    with breaking_disk(tmp_path, size=DISK) as made:
        if made is None:
            pytest.skip("this process may not make a file system of its own")
        yield made


async def status(workshop: Workshop, path: str) -> int:
    async with httpx.AsyncClient(base_url=workshop.url, trust_env=False, timeout=PATIENCE) as http:
        return (await http.get(path)).status_code


async def write(writers: list[Writer], ledger: Ledger) -> None:
    """Everybody's first edits; they are told that these are saved."""
    for writer in writers:
        for _ in range(EDITS):
            writer.edit()
        await writer.peer.saved(deadline=PATIENCE)
        writer.note_down(ledger)


def server_says(folder: Path) -> tuple[int, str]:
    """The exit status of `hahmo serve`, and its last words."""
    env = {**os.environ, "HAHMO_DATA": str(folder), "PORT": "0", "LANG": "en_GB.UTF-8"}
    command = [sys.executable, "-m", "server", "serve"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stderr


async def write_until_refused(writers: list[Writer]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not all(writer.peer.closes for writer in writers):
            for writer in writers:
                writer.edit()
            await asyncio.sleep(0.01)


def standing(ledger: Ledger, board: str) -> set[str]:
    return {note for note, told in ledger.notes[board].items() if not told.is_deleted}


def notes_of(reader: Peer) -> set[str]:
    return {note.id for note in board_of(reader).notes}


async def says_that_it_fails(workshop: Workshop) -> None:
    """To its operator, and to who wants something done."""
    assert await status(workshop, "/readyz") == 503
    assert await status(workshop, "/healthz") == 200
    assert await metric(workshop.url, "hahmo_store_failing") == 1
    with pytest.raises(httpx.HTTPStatusError, match="503"):
        workshop.join("Osallistuja 9")


async def shows_all(workshop: Workshop, board: str, notes: set[str]) -> None:
    """To somebody new, live and over HTTP."""
    assert notes
    async with workshop.peer(WRITERS + 1, board) as newcomer:
        assert notes <= notes_of(newcomer)
    listed = workshop.call("GET", f"/api/boards/{board}")["notes"]
    assert notes <= {note["id"] for note in listed}


async def serve_with_a_board_at_rest(
    forks: ForkServer, folder: Path, port: int, dice: random.Random, ledger: Ledger
) -> tuple[int, Workshop]:
    """A server that has notes of the third board, older and newer ones, but not in memory."""
    forks.start(folder, port)
    workshop = Workshop.open(port, WRITERS + 2)
    await write_and_leave(workshop, dice, ledger)
    forks.kill()
    forks.wait()
    pid = forks.start(folder, port, limits={"messages_per_second": 0, "unload_seconds": 0.0})
    await write_and_leave(workshop, dice, ledger)
    async with asyncio.timeout(PATIENCE):
        while await metric(workshop.url, "hahmo_rooms"):
            continue
    return pid, workshop


async def write_and_leave(workshop: Workshop, dice: random.Random, ledger: Ledger) -> None:
    async with workshop.peer(0, workshop.boards[2]) as peer:
        await write([Writer(peer, dice)], ledger)


@pytest.mark.parametrize(
    ("is_settled", "end"), [(True, signal.SIGTERM), (False, signal.SIGKILL)], ids=["quiet", "busy"]
)
async def test_r7_cn7_a_disk_that_turns_read_only_acks_nothing_shows_all_and_keeps_what_was_acked(
    forks: ForkServer,
    disk: BreakingDisk,
    tmp_path: Path,
    dice: random.Random,
    is_settled: bool,
    end: signal.Signals,
) -> None:
    folder, port, ledger = disk.folder / "data", free_port(), Ledger()
    pid, workshop = await serve_with_a_board_at_rest(forks, folder, port, dice, ledger)
    written, quiet, at_rest = workshop.boards
    writers = [Writer(workshop.peer(number).open(), dice) for number in range(WRITERS)]
    async with workshop.peer(WRITERS) as reader, workshop.peer(WRITERS, quiet) as elsewhere:
        await write(writers, ledger)
        if is_settled:
            disk.settle()
        disk.break_now()
        await write_until_refused(writers)
        assert not disk.takes_writes
        assert {code for writer in writers for code, _ in writer.peer.closes} == {4503}
        await says_that_it_fails(workshop)
        for board in (written, at_rest):
            await shows_all(workshop, board, standing(ledger, board))
        await reader.until(lambda: reader.synced, deadline=PATIENCE)
        assert standing(ledger, written) <= notes_of(reader)
        assert not elsewhere.closes
        for writer in writers:
            assert writer.peer.unsaved
            writer.note_down(ledger)
        disk.remount()
        assert not disk.takes_writes
        await asyncio.to_thread(back_up, Config(data=folder), tmp_path / "backup")
        os.kill(pid, end)
        assert forks.wait() == (0 if end == signal.SIGTERM else -end)
    assert ledger.lost(await on_disk(tmp_path / "backup")) == []
    disk.repair()
    lost = ledger.lost(await on_disk(folder))
    tell("R7 turned read-only", n=1, acked=ledger.acked, lost=len(lost), more=end.name)
    assert lost == []
    assert await findings(folder) == []
    forks.start(folder, port)
    for writer in writers:
        await writer.peer.saved(deadline=PATIENCE)
        writer.note_down(ledger)
        await writer.peer.close()
    forks.kill()
    forks.wait()
    assert ledger.lost(await on_disk(folder)) == []


async def test_r7_on_a_disk_that_turned_read_only_no_server_starts_and_it_says_why(
    forks: ForkServer, disk: BreakingDisk
) -> None:
    folder = disk.folder / "data"
    forks.start(folder, free_port())
    disk.break_now()
    forks.kill()
    forks.wait()
    code, said = server_says(folder)
    tell("R7 starts read-only", n=1, acked=0, lost=0, more=said)
    assert code == 1
    assert f"{folder}: Read-only file system" in said
    assert "Traceback" not in said
