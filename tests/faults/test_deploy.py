"""R12: a new version is put in place while 500 people are connected; and 500 come at once."""

from __future__ import annotations

import asyncio
import random
from functools import partial
from pathlib import Path

import pytest

from boards import edits
from boards.document import Document
from boards.schema import NOTES
from server.sync.commit.compactor import contents
from tests.faults.support.counts import tell
from tests.faults.support.crash import (
    Ledger,
    Workshop,
    Writer,
    add_note,
    loaded,
    on_disk,
    opened_copy,
)
from tests.faults.support.crowd import PATIENCE, all_of, allow_files, crowd, metric, newcomer
from tests.support.network.recut import straight
from tests.support.peer import Peer
from tests.support.server import running_server

CROWD = 500
TOKENS = 80  # of people, who have not more than their share of connections each
WRITERS = 4
NOTE_COUNT = 400
GOODBYE = 1.0  # seconds until everybody knows, on a machine that has nothing else to do
BACK = 10.0  # seconds until everybody is back

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("r12")]


async def test_rm8_500_who_join_a_cold_board_at_once_get_all_of_it_and_it_is_loaded_once(
    tmp_path: Path,
) -> None:
    allow_files(4 * CROWD)
    folder = tmp_path / "data"
    with running_server(folder) as server:
        workshop = Workshop.open(server.port, TOKENS)
        async with workshop.peer(0) as peer:
            for _ in range(4):
                peer.edit(partial(add_notes, board=peer.board, count=NOTE_COUNT // 4))
            await peer.saved()
        assert server.stop() == 0
        async with opened_copy(folder) as store:
            whole = contents(await loaded(store, workshop.boards[0]))
        server.restart()
        began = asyncio.get_running_loop().time()
        answers = await asyncio.gather(*(newcomer(workshop, n) for n in range(CROWD)))
        took = asyncio.get_running_loop().time() - began
        loads = await metric(server.url, "hahmo_board_loads_total")
    different = set(answers)  # few, so that each is looked at once
    incomplete = sum(contents(document_of(answer)) != whole for answer in different)
    tell(
        "RM8 cold", n=CROWD, acked=NOTE_COUNT, lost=incomplete, more=f"loads={loads:g} {took:.1f} s"
    )
    assert len(answers) == CROWD
    assert len(whole["notes"]) == NOTE_COUNT  # type: ignore[arg-type]
    assert incomplete == 0
    assert loads == 2  # the board, and the desk that says who may join


def add_notes(document: Document, board: str, count: int) -> None:
    for number in range(count):
        edits.add_note(document, board, zone="challenges", text=f"Havainto {number}", at=number)


def document_of(updates: tuple[bytes, ...]) -> Document:
    document = Document()
    for update in updates:
        document.apply_update(update)
    return document


@straight
async def test_r12_cn6_a_restart_under_500_people_loses_nothing_and_all_come_back(
    tmp_path: Path, dice: random.Random
) -> None:
    allow_files(4 * CROWD)
    loop = asyncio.get_running_loop()
    ledger = Ledger()
    with running_server(tmp_path / "data") as server:
        workshop = Workshop.open(server.port, TOKENS)
        async with crowd(workshop, CROWD) as peers:
            usual = await time_for_all(peers)
            writers = [Writer(peer, dice) for peer in peers[:WRITERS]]
            saved = asyncio.Semaphore(0)
            writing = [asyncio.create_task(write(writer, saved)) for writer in writers]
            for _ in range(5 * WRITERS):
                await saved.acquire()
            began = loop.time()
            stopping = asyncio.create_task(asyncio.to_thread(server.stop))
            await all_of(peers, lambda peer: peer.closes)
            goodbye = loop.time() - began
            await asyncio.gather(*writing)
            for writer in writers:
                writer.note_down(ledger)
            status = await stopping
            lost = ledger.lost(await on_disk(server.data))
            codes = {code for peer in peers for code, _ in peer.closes}
            await asyncio.to_thread(server.restart)
            began = loop.time()
            await all_of(peers, lambda peer: peer.synced)
            back = loop.time() - began
            for writer in writers:
                await writer.peer.saved()
                writer.note_down(ledger)
            lost += ledger.lost(await on_disk(server.data))
    tell(
        "R12",
        n=CROWD,
        acked=ledger.acked,
        lost=len(lost),
        more=f"closed with {codes} within {goodbye:.2f} s (an edit for all: {usual:.2f} s),"
        f" back within {back:.1f} s",
    )
    assert status == 0
    assert codes == {1012}
    assert ledger.acked
    assert lost == []
    assert goodbye < GOODBYE + 5 * usual
    assert back < BACK + 5 * usual


async def write(writer: Writer, saved: asyncio.Semaphore) -> None:
    """One edit after the other, each when the one before is saved, until the connection ends."""
    peer = writer.peer
    while not peer.closes:
        writer.edit()
        await peer.until(lambda: not peer.unsaved or peer.closes, deadline=PATIENCE)
        saved.release()


async def time_for_all(peers: list[Peer]) -> float:
    """Seconds from an edit until the last of them has it."""
    began = asyncio.get_running_loop().time()
    note = peers[0].edit(partial(add_note, board=peers[0].board, text="1"))
    await all_of(peers, lambda peer: note in peer.document.root(NOTES))
    return asyncio.get_running_loop().time() - began
