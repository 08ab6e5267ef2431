"""How a board came about, kept and thinned: rules HI1–HI5 of docs/protocol.md."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boards import edits
from boards.document import Document
from server.store import Append, Commit, Moment, NewBoard, Stamp, StoredBoard, StoredCheckpoint
from server.store.packing import unpack
from server.store.sqlite.store import SqliteStore
from server.sync.commit import history as histories
from server.sync.commit.compactor import Compactor, checkpoint_of, contents, replay
from server.sync.commit.history import (
    DAY,
    LEVELS,
    MERGED_MOST,
    MINUTE,
    SECOND,
    History,
    document_at,
    merged,
    states,
    too_much,
    windows,
)
from server.sync.limits import SyncLimits

BOARD = "b"
BEGIN = 1_800_000_000_000
PEOPLE = ("anna", "bertil", "åke", "")


class Past:
    """A board that is written to, and what it was after each update."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = BEGIN
        self.seq = 0
        self.shown: dict[int, tuple[int, object]] = {}  # seq: when, and what it showed
        self.people: list[Document] = [Document() for _ in PEOPLE]
        self.queue: list[tuple[bytes, str]] = []

    async def begin(self) -> None:
        await self.open()
        first = self.people[0].record(lambda: note(self.people[0], "å"))
        await self.store.commit(
            Commit("w", creates=[NewBoard(BOARD, "line", first[1], at=self.now)])
        )
        self.told(first[1])

    async def open(self) -> None:
        self.store = SqliteStore(self.folder, synchronous="OFF")
        await self.store.open()
        self.history = History(self.store, SyncLimits(), replayed_here)

    def told(self, update: bytes) -> None:
        self.seq += 1
        for document in self.people:
            document.apply_update(update)
        self.shown[self.seq] = (self.now, contents(self.people[0]))

    async def write(self, person: int, count: int) -> None:
        """Letters, a deleted note or one that is moved, in one commit."""
        first = self.seq + 1
        document, made = self.people[person], []
        for number in range(count):
            update = document.record(partial(change, document, self.seq + number))[1]
            if update:
                made.append(update)
                self.told(update)
        if not made:
            return
        append = Append(BOARD, first, tuple(made), self.now, (PEOPLE[person],) * len(made))
        await self.store.commit(Commit("w", appends=[append]))

    async def compact(self) -> None:
        stored = await self.store.load(BOARD)
        assert stored is not None
        await self.store.compact(BOARD, await replayed_here(stored))

    async def reopen(self) -> None:
        await self.store.close()
        await self.open()

    async def kill(self) -> None:
        """As a crash leaves the folder."""
        left = self.folder.with_name(f"{self.folder.name}x")
        shutil.copytree(self.folder, left)
        await self.store.close()
        self.folder = left
        await self.open()

    async def tidy(self) -> None:
        await self.history.tidy(BOARD, self.now)

    async def check(self) -> list[int]:
        """Every kept state is what the board was then; which they are."""
        history = await self.store.history(BOARD)
        stored = await self.store.load(BOARD)
        assert history is not None
        assert stored is not None
        kept, before = [], 0
        for seq, stamp, document in states(history):
            at, shown = self.shown[seq]
            assert (stamp.at, contents(document)) == (at, shown)
            assert seq - stamp.updates == before
            before = seq
            kept.append(seq)
        assert before == self.seq
        assert contents(replay(stored)) == self.shown[self.seq][1]
        return kept


def note(document: Document, text: str) -> str:
    return edits.add_note(document, BOARD, zone="z", text=text, at=1)


def change(document: Document, number: int) -> None:
    notes = sorted(document.root("notes").keys())
    some = notes[number % len(notes)]
    match number % 7:
        case 0:
            note(document, "uusi")
        case 1:
            edits.move_note(document, BOARD, some, zone="y", position=(number, number))
        case 2:
            edits.delete_note(document, some)
        case 3:
            edits.restore_notes(document, BOARD, [some])
        case 4:
            edits.retext(document, some, "ö" * (number % 3))
        case _:
            edits.retext(document, some, f"å😀{number}" * (number % 4))


async def replayed_here(stored: StoredBoard) -> StoredCheckpoint:
    return checkpoint_of(stored)


async def merged_here(module: str, asks: list[bytes], **_: object) -> list[bytes]:
    """A process for every example would take too long."""
    return [merged(unpack(group)) for group in asks]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 3), st.integers(1, 8)),
        st.tuples(st.just("wait"), st.sampled_from([1, SECOND, MINUTE, 11 * MINUTE, DAY])),
        st.tuples(st.sampled_from(["compact", "compact", "tidy", "reopen", "kill"])),
    ),
    max_size=30,
)


@given(STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_hi5_every_kept_state_is_what_the_board_was_then(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]
) -> None:
    past = Past(tmp_path_factory.mktemp("hi5") / "data")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(histories, "elsewhere", merged_here)
        await past.begin()
        try:
            for what, *how in steps:
                if what == "wait":
                    past.now += how[0]
                else:
                    await getattr(past, what)(*how)
            await past.check()
            past.now += 40 * DAY
            await past.tidy()
            await past.check()
            assert await past.store.aged([past.now] * 2 + [past.now - 30 * DAY]) == []
        finally:
            await past.store.close()


async def busy(folder: Path) -> Past:
    """Some ten updates, up to three of them in a window of five seconds, most in history."""
    past = Past(folder)
    await past.begin()
    for number in range(11):
        past.now = BEGIN + (number + 1) * 5 * SECOND // 3
        await past.write(number % 4, 1)
    for _ in range(2):
        await past.compact()
        await past.write(0, 1)
    return past


async def test_hi2_a_window_becomes_one_update_in_another_process(tmp_path: Path) -> None:
    past = await busy(tmp_path / "data")
    begun = past.seq
    assert len(await past.check()) == begun
    past.now = BEGIN + LEVELS[0][0]
    await past.tidy()
    assert len(await past.check()) == begun  # nothing is old enough
    past.now += 60 * SECOND
    await past.tidy()
    kept = await past.check()
    assert len(kept) < begun / 2
    history = await past.store.history(BOARD)
    assert history is not None
    several = [moment.stamp for moment in history.moments if moment.stamp.updates > 1]
    assert {person for stamp in several for person in stamp.who} >= {"anna", "bertil", "åke"}
    past.now += DAY
    await past.tidy()
    assert len(await past.check()) < len(kept)
    await past.store.close()


async def test_hi3_what_is_too_old_becomes_the_state_that_history_begins_with(
    tmp_path: Path,
) -> None:
    past = await busy(tmp_path / "data")
    past.now = BEGIN + 30 * DAY + 60 * SECOND
    await past.tidy()
    kept = await past.check()
    assert kept[0] > 5
    history = await past.store.history(BOARD)
    assert history is not None
    assert history.base is not None
    first = past.shown[history.base.seq][1]
    assert contents(document_at(history, 0)) == first
    assert contents(document_at(history, past.now)) == past.shown[past.seq][1]
    await past.store.close()


def test_hi3_no_more_is_cut_than_has_to_be() -> None:
    pieces = [(seq, seq * 10, 100) for seq in range(1, 9)]  # 800 bytes
    assert too_much(pieces, before=10, most=800) == 0
    assert too_much(pieces, before=11, most=800) == 1
    assert too_much(pieces, before=10, most=799) == 2  # a little more, not to begin anew at once
    assert too_much(pieces, before=1000, most=800) == 8
    assert too_much([], before=1000, most=0) == 0


def test_hi2_windows_hold_no_more_than_can_be_merged() -> None:
    moments = [Moment(n, Stamp(BEGIN), b"") for n in range(2 * MERGED_MOST + 1)]
    assert [len(group) for group in windows(moments, 5000)] == [MERGED_MOST, MERGED_MOST, 1]


def test_hi2_what_would_not_say_the_same_is_not_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document()
    made = [document.record(partial(note, document, text))[1] for text in "abc"]
    assert Document(merged(made)).get_state_vector() == document.get_state_vector()
    monkeypatch.setattr(histories, "merge_updates", lambda updates: updates[0])
    assert merged(made) == b""
    assert merged([b"no update", made[0]]) == b""


async def test_hi2_a_process_that_fails_leaves_history_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    past = await busy(tmp_path / "data")
    past.history = History(past.store, SyncLimits(replay_seconds=0.0), replayed_here)
    before = await past.store.history(BOARD)
    past.now += DAY
    await past.tidy()
    assert await past.store.history(BOARD) == before
    assert "stays as it is" in caplog.text
    await past.store.close()


async def test_hi1_a_compactor_moves_and_thins(tmp_path: Path) -> None:
    past = await busy(tmp_path / "data")
    past.now += DAY
    await past.write(0, 5)
    work = Compactor(past.store, SyncLimits())
    await work.compact(BOARD)
    assert len(await past.check()) < past.seq / 2 + 2
    await work.stop()
    await past.store.close()
