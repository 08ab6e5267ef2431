"""R14: backups are made while people write; each holds whatever was saved before it began."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from server.config import Config
from server.maintenance import back_up
from tests.faults.support.counts import count, tell
from tests.faults.support.crash import Ledger, Workshop, Writer, findings, forkserver, on_disk
from tests.support.peer import board_of
from tests.support.server import free_port

BACKUPS = count("HAHMO_TEST_BACKUPS", ordinary=50, soak=1000)
WRITERS = 3
CHECKED = (
    25  # in every 25th run the store is checked as `hahmo check` does, and the command is used
)

pytestmark = [pytest.mark.timeout(3600), pytest.mark.xdist_group("r14")]


async def test_r14_cn7_a_backup_holds_all_that_was_acked_before_it_began(
    tmp_path: Path, dice: random.Random
) -> None:
    folder, to = tmp_path / "data", tmp_path / "backup"
    lost: list[str] = []
    with forkserver() as forks:
        forks.start(folder, port := free_port())
        workshop = Workshop.open(port, WRITERS)
        writers = [Writer(workshop.peer(number).open(), dice) for number in range(WRITERS)]
        writing = [asyncio.create_task(writer.write()) for writer in writers]
        for number in range(BACKUPS):
            shutil.rmtree(to, ignore_errors=True)
            ledger = await acked_by(writers, more_than=number)
            if number % CHECKED == 0:
                await asyncio.to_thread(command, folder, to)
                assert await findings(to) == []
            else:
                await asyncio.to_thread(back_up, Config(data=folder), to)
            lost += ledger.lost(await on_disk(to))
        for task, writer in zip(writing, writers, strict=True):
            assert not task.done(), "a backup cost somebody the connection"
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await writer.peer.close()
        forks.kill()
        forks.wait()
        await assert_served(forks.start(to, port), workshop, ledger)
        forks.kill()
    tell("R14", n=BACKUPS, acked=ledger.acked, lost=len(lost))
    assert lost == []


async def acked_by(writers: list[Writer], *, more_than: int) -> Ledger:
    """What the writers know to be saved by now, which is more than so many edits."""
    while True:
        ledger = Ledger()
        for writer in writers:
            writer.note_down(ledger)
        if ledger.acked > more_than:
            return ledger
        await writers[0].peer.changed()


async def assert_served(pid: int, workshop: Workshop, ledger: Ledger) -> None:
    """People come back to a server on the backup with their tokens, others by the join code."""
    assert pid
    workshop.join("Osallistuja 9")
    async with workshop.peer(0) as reader:
        board = board_of(reader)
        found = {note.id for note in (*board.notes, *board.deleted)}
    assert ledger.notes[workshop.boards[0]].keys() <= found


def command(folder: Path, to: Path) -> None:
    env = {**os.environ, "HAHMO_DATA": str(folder)}
    subprocess.run(
        [sys.executable, "-m", "server", "backup", str(to)],
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=60,
    )
