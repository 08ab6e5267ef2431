"""R1: the server is killed at random moments under load; nothing that was acked is missing."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.crash import Ledger, Workshop, on_disk, write_until_dead, zygote
from tests.support.server import free_port

ROUNDS = int(os.environ.get("HAHMO_TEST_KILLS", "200"))
ROUNDS_PER_FOLDER = 25  # then a fresh workshop, so that boards don't only grow
SEED = int(os.environ.get("HAHMO_TEST_SEED", random.SystemRandom().randrange(1 << 32)))


@pytest.mark.timeout(3600)
async def test_r1_acked_edits_survive_kill_9(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    acked = lost = back = 0
    with zygote() as forks:
        for round_ in range(ROUNDS):
            if round_ % ROUNDS_PER_FOLDER == 0:
                folder, port, ledger = tmp_path / f"data{round_}", free_port(), Ledger()
                pid = forks.start(folder, port)
                workshop = Workshop.open(port, people=4)
            else:
                pid = forks.start(folder, port)
            before = ledger.count
            await write_until_dead(workshop, pid, dice, ledger, seconds=dice.uniform(0.03, 0.2))
            forks.wait()
            acked += ledger.count - before
            boards = await on_disk(folder)
            assert len(boards) == 8, "a board did not come back"
            present, standing = boards[workshop.board]
            lost += len(ledger.acked.get(workshop.board, set()) - present)
            back += len(ledger.deleted.get(workshop.board, set()) & standing)
    print(f"R1 seed={SEED} N={ROUNDS} acked={acked} lost={lost} undeleted={back}")
    assert acked > ROUNDS
    assert lost == back == 0
