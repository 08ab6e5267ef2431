"""R2: the server dies at a named place; what was acked is there, and nothing is there by half."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from boards.desk import Desk, read_desk
from boards.schema import read_board
from server.demo.peer import Peer
from server.sync.commit.compactor import contents, replay
from server.sync.commit.history import states
from tests.faults.support.counts import count, tell
from tests.faults.support.crash import (
    ForkServer,
    Ledger,
    Workshop,
    add_note,
    findings,
    forkserver,
    loaded,
    on_disk,
    opened_copy,
    write_until_dead,
)
from tests.faults.support.points import DIED
from tests.support.server import free_port

DEATHS = count("HAHMO_TEST_DEATHS", ordinary=2, soak=20)  # at each point
PEOPLE = 3
BOARDS = 8  # of a workshop, its desk included
PATIENCE = 30.0  # seconds until a point must have been reached

pytestmark = [pytest.mark.timeout(1800), pytest.mark.xdist_group("r2")]


@pytest.fixture(scope="module")
def forks() -> Iterator[ForkServer]:
    with forkserver() as started:
        yield started


@dataclass
class Scene:
    """A workshop on a folder, whose server is started to die."""

    forks: ForkServer
    folder: Path
    port: int
    workshop: Workshop

    def start(self, **options: Any) -> int:
        return self.forks.start(self.folder, self.port, **options)

    def restart(self) -> None:
        """A server that lives, after the one that was killed or died."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """No server; whatever the last one was doing."""
        self.forks.kill()
        self.forks.wait()

    def dies_in(self, *die: Any, command: Callable[[], Any], **options: Any) -> None:
        """The server dies while it carries out `command`."""
        self.stop()
        self.start(die=die, **options)
        with pytest.raises(httpx.HTTPError):
            command()
        assert self.forks.wait() == DIED

    async def desk(self) -> Desk:
        async with opened_copy(self.folder) as store:
            return read_desk(await loaded(store, self.workshop.id))

    async def records(self, kind: str) -> int:
        async with opened_copy(self.folder) as store:
            return len(await store.find(kind, self.workshop.id))


def opened(forks: ForkServer, folder: Path) -> Scene:
    port = free_port()
    forks.kill()
    forks.start(folder, port)
    return Scene(forks, folder, port, Workshop.open(port, PEOPLE))


@pytest.fixture
def scene(forks: ForkServer, tmp_path: Path) -> Scene:
    return opened(forks, tmp_path / "data")


@pytest.fixture(scope="module")
def writing(forks: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """One workshop for all deaths while people write; its boards grow."""
    return opened(forks, tmp_path_factory.mktemp("r2") / "data")


async def write_and_die(
    scene: Scene, dice: random.Random, point: str, passings: range, **options: Any
) -> tuple[Ledger, list[str]]:
    """DEATHS deaths at one of these passings; what was acked, and what is lost of it."""
    ledger = Ledger()
    options.setdefault("journal_bytes", 4000)  # the database takes over every few commits
    for _ in range(DEATHS):
        scene.stop()
        pid = scene.start(die=(point, dice.choice(passings)), **options)
        await write_until_dead(scene.workshop, dice, ledger, kill=pid, seconds=PATIENCE)
        assert scene.forks.wait() == DIED, f"{point} was never reached"
    lost = ledger.lost(await on_disk(scene.folder))
    assert await findings(scene.folder) == []
    tell(f"R2 {point}", n=DEATHS, acked=ledger.acked, lost=len(lost))
    return ledger, lost


@pytest.mark.parametrize(
    ("point", "most"),
    [
        ("before-write", 15),
        ("before-journal", 15),
        ("mid-journal", 15),
        ("after-journal", 15),
        ("before-drain", 8),
        ("mid-append", 8),
        ("mid-write", 8),
        ("mid-drain", 8),
        ("before-restart", 8),
        ("after-restart", 8),
        ("before-records", 3),
        ("after-write", 15),
        ("before-commit", 40),
        ("after-commit", 15),
        ("before-telling", 15),
        ("before-acks", 15),
        ("after-acks", 15),
        ("after-telling", 15),
        ("after-load", 1),
    ],
)
async def test_r2_cn7_in_the_way_of_an_edit(
    writing: Scene, dice: random.Random, point: str, most: int
) -> None:
    _, lost = await write_and_die(writing, dice, point, range(1, most + 1))
    assert lost == []


async def test_r2_notices_a_server_that_acks_before_it_stores(
    writing: Scene, dice: random.Random
) -> None:
    bugs = ("ack-early",)
    _, lost = await write_and_die(writing, dice, "before-write", range(5, 15), bugs=bugs)
    assert lost != []


@pytest.mark.parametrize(
    ("point", "passings"),
    [
        ("before-replay", range(1, 3)),
        ("after-replay", range(1, 3)),
        ("mid-checkpoint", range(1, 3)),
        ("mid-trim", range(2, 4)),  # the first checkpoint of a board has nothing to trim
        ("mid-history", range(1, 4)),
        ("mid-base", range(1, 3)),
        ("before-cut", range(1, 3)),
        ("after-checkpoint", range(1, 3)),
        ("after-compaction", range(1, 3)),
    ],
)
async def test_r2_cp1_in_the_making_of_a_checkpoint(
    writing: Scene, dice: random.Random, point: str, passings: range
) -> None:
    limits = {
        "messages_per_second": 0,
        "log_updates": 20,
        "busy_log_updates": 20,
        "checkpoint_seconds": 0.0,
        "history_bytes": 2000,  # of what becomes history, the older part is cut off at once
    }
    ledger, lost = await write_and_die(writing, dice, point, passings, limits=limits)
    assert lost == []
    assert ledger.acked
    await histories_lead_to_their_boards(writing.folder)


async def histories_lead_to_their_boards(folder: Path) -> None:
    async with opened_copy(folder) as store:
        for board in await store.boards():
            history, stored = await store.history(board), await store.load(board)
            assert history is not None
            assert stored is not None
            *_, (seq, _, document) = states(history)
            assert (seq, contents(document)) == (stored.seq, contents(replay(stored)))


@pytest.mark.parametrize(
    ("point", "most"),
    [
        ("mid-merge", 2),
        ("before-merge-commit", 1),
        ("before-write", 1),
        ("mid-append", 1),
        ("mid-merge-commit", 1),
        ("after-write", 1),
        ("after-merge-commit", 1),
    ],
)
async def test_r2_br4_a_merge_is_whole_or_absent(
    scene: Scene, dice: random.Random, point: str, most: int
) -> None:
    workshop = scene.workshop
    base = workshop.boards[0]
    opened = workshop.call("POST", f"/api/workshops/{workshop.id}/breakouts", board=base, groups=2)
    merge = partial(workshop.call, "POST", f"/api/breakouts/{opened['id']}/merge")
    written: dict[str, str] = {}  # note: its group
    whole = absent = 0
    for _ in range(DEATHS):
        scene.restart()
        fresh = await write_in_groups(workshop, opened)
        written |= fresh
        scene.dies_in(point, dice.randint(1, most), command=merge)
        home = (await on_disk(scene.folder))[base].keys()
        assert written.keys() <= home or not fresh.keys() & home, "half a merge"
        is_home = fresh.keys() <= home
        whole, absent = whole + is_home, absent + (not is_home)
        assert await snapshots(scene, base) == whole
        assert any(b.merged for b in (await scene.desk()).breakouts) == (whole > 0)
    scene.restart()
    merge()
    async with opened_copy(scene.folder) as store:
        notes = read_board(await loaded(store, base), base, "notes", "phenomena").notes
    assert {note.id: note.group for note in notes} == written
    assert await findings(scene.folder) == []
    tell(f"R2 {point}", n=DEATHS, acked=len(written), lost=0, more=f"whole={whole} absent={absent}")


async def snapshots(scene: Scene, board: str) -> int:
    async with opened_copy(scene.folder) as store:
        return len(await store.find("snapshot", board))


async def write_in_groups(workshop: Workshop, breakout: dict[str, Any]) -> dict[str, str]:
    """Three notes in each group, durable; note id: group id."""
    written = {}
    for group in breakout["groups"]:
        async with Peer(workshop.url, group["board"], token=workshop.facilitator) as peer:
            for _ in range(3):
                note = peer.edit(partial(add_note, board=peer.board, text="1"))
                written[note] = group["id"]
            await peer.saved(deadline=PATIENCE)
    return written


@pytest.mark.parametrize(
    ("point", "most"),
    [("mid-seeding", 7), ("before-write", 1), ("mid-creation", 8), ("before-records", 15)],
)
async def test_r2_st3_a_workshop_is_made_whole_or_not_at_all(
    scene: Scene, dice: random.Random, point: str, most: int
) -> None:
    for _ in range(DEATHS):
        another = partial(Workshop.open, scene.port, 0)
        scene.dies_in(point, dice.randint(1, most), command=another)
        assert len(await on_disk(scene.folder)) == BOARDS
        assert await findings(scene.folder) == []
    tell(f"R2 {point}", n=DEATHS, acked=0, lost=0, more="half workshops=0")


async def test_r2_notices_a_store_that_writes_piece_by_piece(scene: Scene) -> None:
    another = partial(Workshop.open, scene.port, 0)
    scene.dies_in("before-write", 4, command=another, bugs=("piecemeal",))
    assert len(await on_disk(scene.folder)) == BOARDS + 3
    assert await findings(scene.folder) != []


@pytest.mark.parametrize(
    ("point", "most"),
    [
        ("mid-forks", 2),
        ("mid-opening", 1),
        ("mid-creation", 2),
        ("mid-append", 1),
        ("before-records", 5),
        ("after-write", 1),
        ("after-commit", 1),
    ],
)
async def test_r2_br1_a_breakout_opens_for_all_groups_or_for_none(
    scene: Scene, dice: random.Random, point: str, most: int
) -> None:
    workshop = scene.workshop
    open_it = partial(
        workshop.call,
        "POST",
        f"/api/workshops/{workshop.id}/breakouts",
        board=workshop.boards[0],
        groups=2,
    )
    for _ in range(DEATHS):
        scene.dies_in(point, dice.randint(1, most), command=open_it)
        breakouts = (await scene.desk()).breakouts
        assert await scene.records("breakout") == len(breakouts)
        assert len(await on_disk(scene.folder)) == BOARDS + 2 * len(breakouts)
        assert await findings(scene.folder) == []
    tell(f"R2 {point}", n=DEATHS, acked=0, lost=0, more="half breakouts=0")


@pytest.mark.parametrize(
    "point", ["mid-closing", "before-write", "after-commit", "before-reauthorise"]
)
async def test_r2_a_breakout_that_was_closing_can_be_closed(scene: Scene, point: str) -> None:
    workshop = scene.workshop
    path = f"/api/workshops/{workshop.id}/breakouts"
    for _ in range(DEATHS):
        scene.restart()
        opened = workshop.call("POST", path, board=workshop.boards[0], groups=2)
        close = partial(workshop.call, "POST", f"/api/breakouts/{opened['id']}/close")
        scene.dies_in(point, 1, command=close)
        scene.restart()
        close()
        states = {breakout.id: breakout.state for breakout in (await scene.desk()).breakouts}
        assert states[opened["id"]] == "closed"
    assert await findings(scene.folder) == []
    tell(f"R2 {point}", n=DEATHS, acked=0, lost=0, more="stuck breakouts=0")


@pytest.mark.parametrize(
    ("point", "most"), [("mid-joining", 1), ("mid-append", 1), ("before-records", 3)]
)
async def test_r2_somebody_who_joins_is_in_or_is_not(
    scene: Scene, dice: random.Random, point: str, most: int
) -> None:
    join = partial(scene.workshop.join, "Osallistuja")
    for _ in range(DEATHS):
        scene.dies_in(point, dice.randint(1, most), command=join)
        people = len((await scene.desk()).people)
        assert await scene.records("person") == await scene.records("token") == people
    scene.restart()
    join()
    assert len((await scene.desk()).people) == people + 1
    tell(f"R2 {point}", n=DEATHS, acked=0, lost=0, more="half people=0")


@pytest.mark.parametrize(("point", "most"), [("mid-deletion", 8), ("mid-forgetting", 1)])
async def test_r2_st6_a_workshop_is_deleted_whole_or_not_at_all(
    scene: Scene, dice: random.Random, point: str, most: int
) -> None:
    delete = partial(scene.workshop.call, "DELETE", f"/api/workshops/{scene.workshop.id}")
    for _ in range(DEATHS):
        scene.dies_in(point, dice.randint(1, most), command=delete)
        assert len(await on_disk(scene.folder)) == BOARDS
        assert await scene.records("person") == PEOPLE + 1
        assert await findings(scene.folder) == []
    scene.restart()
    delete()
    assert await on_disk(scene.folder) == {}
    tell(f"R2 {point}", n=DEATHS, acked=0, lost=0, more="half deletions=0")
