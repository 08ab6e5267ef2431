"""When updates came and whose they are: kept beside each of them (rule ST9)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.edits import add_note
from server.store import Stamp
from server.store.sqlite.store import SqliteStore
from server.store.stamps import last_time, pack_stamps, unpack_stamps
from server.sync.commit.evenclock import EvenClock
from tests.support.journals import rows as rows_of
from tests.support.rooms import BOARD, Client, access, board_rooms, write

WHO = st.one_of(st.just(""), st.text(max_size=20), st.integers(0, 300).map(str))
RUNS = st.lists(st.tuples(st.integers(1, 1 << 45), st.lists(WHO, min_size=1)), min_size=1).map(
    lambda runs: sorted(runs, key=lambda run: run[0])
)


def packed(runs: Sequence[tuple[int, Sequence[str]]]) -> tuple[bytes, list[Stamp]]:
    """(when, who each of the updates is of)."""
    times = [(at, len(people)) for at, people in runs]
    stamps = [Stamp(at, (who,) if who else ()) for at, people in runs for who in people]
    return pack_stamps(times, [who for _, people in runs for who in people]), stamps


@given(RUNS)
def test_st9_stamps_read_back(runs: list[tuple[int, list[str]]]) -> None:
    stored, stamps = packed(runs)
    assert unpack_stamps(stored, len(stamps)) == stamps
    assert last_time(stored, len(stamps)) == stamps[-1].at
    with pytest.raises(ValueError, match="stamps"):
        unpack_stamps(stored, len(stamps) + 1)


@pytest.mark.parametrize("people", [255, 256, 257, 1000])
def test_st9_of_however_many_people(people: int) -> None:
    stored, stamps = packed([(5, [f"person{n}" for n in range(people)])])
    assert unpack_stamps(stored, people) == stamps


def test_st9_stamps_cut_short_are_told() -> None:
    stored, stamps = packed([(1 << 40, ["somebody", "else"]), (1 << 41, ["else"])])
    for size in range(1, len(stored)):
        with pytest.raises(ValueError, match="stamps"):
            unpack_stamps(stored[:size], len(stamps))


def test_st9_what_an_earlier_version_wrote_has_none() -> None:
    assert pack_stamps([(0, 3)], ["", "", ""]) == b""
    assert unpack_stamps(b"", 3) == [Stamp(0)] * 3


def test_st9_times_never_go_back_in_a_row() -> None:
    stored, _ = packed([(5, ["a"]), (3, ["b"])])
    assert unpack_stamps(stored, 2) == [Stamp(5, ("a",)), Stamp(5, ("b",))]


def test_st9_a_clock_that_is_put_back_goes_on_evenly() -> None:
    wall, even = [1_000_000_000], [0]
    clock = EvenClock(0, wall=lambda: wall[0], even=lambda: even[0])
    times = []
    for step in (0, 3, -2_000, 5, 5, 5_000):  # of the clock on the wall; 7 ms pass each time
        wall[0] += step * 1_000_000
        even[0] += 7_000_000
        times.append(clock.now())
    assert times == [1000, 1007, 1014, 1021, 1028, 4013]


def test_st9_after_a_start_with_a_clock_that_is_behind_time_goes_on_from_the_last() -> None:
    even = [0]
    clock = EvenClock(9_000, wall=lambda: 1_000_000, even=lambda: even[0])
    times = []
    for passed in (0, 400_000, 900_000, 250_000_000):  # ns
        even[0] += passed
        times.append(clock.now())
    assert times == [9000, 9000, 9001, 9251]


async def test_st9_an_edit_is_stored_with_its_time_and_its_author(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    ahead = 1 << 42  # ms: this board was made by a clock that was years ahead
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        room._pending._stamps = EvenClock(ahead)
        for person in ("anna", "bertil"):
            client = Client(room, access(person))
            client.sync()
            client.send_update(write(client))
            await rooms.committer.commit(room.workshop)
        room.edit(lambda document: add_note(document, BOARD, zone="challenges", text="x", at=1))
        await rooms.committer.commit(room.workshop)
    stamps = stored_stamps(tmp_path)
    assert [stamp.who for stamp in stamps] == [("anna",), ("bertil",), ()]
    assert stamps[0].at >= ahead
    assert stamps == sorted(stamps, key=lambda stamp: stamp.at)
    store = SqliteStore(tmp_path)
    async with board_rooms(store, create=False) as rooms, rooms.hold(BOARD) as room:
        client = Client(room, access("anna"))
        client.sync()
        client.send_update(write(client))
        await rooms.committer.commit(room.workshop)
    assert stored_stamps(tmp_path)[-1].at >= stamps[-1].at


def stored_stamps(folder: Path) -> list[Stamp]:
    """Of all updates but the board's first."""
    found: Any = rows_of(folder, "SELECT stamps, count FROM log ORDER BY seq")
    return [stamp for packed, count in found for stamp in unpack_stamps(packed, count)][1:]
