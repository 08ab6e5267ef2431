"""What every store must do with what comes from another one as a whole (rule ST11)."""

from server.store import (
    SERVER,
    Append,
    Commit,
    Moment,
    NewBoard,
    Record,
    Stamp,
    Store,
    StoredBoard,
    StoredCheckpoint,
    StoredHistory,
)
from tests.server.store.records_contract import RecordsContract

STORED = StoredBoard(
    "line", StoredCheckpoint(7, b"sv", b"seven", 500), (b"8", b"9", b"10"), 700, "w"
)
HISTORY = StoredHistory(
    StoredCheckpoint(2, b"sv", b"two", 200),
    (
        Moment(4, Stamp(300, ("a", "b"), 2), b"3+4"),
        Moment(5, Stamp(400, ("c",)), b"5"),
        Moment(6, Stamp(500), b"6"),
        Moment(7, Stamp(500, ("a",)), b"7"),
        Moment(8, Stamp(600, ("b",)), b"8"),
        Moment(9, Stamp(600, ("a",)), b"9"),
        Moment(10, Stamp(700), b"10"),
    ),
)
YOUNG = StoredBoard("young", None, (b"1", b"2"), 20, "w")
YOUNG_HISTORY = StoredHistory(None, (Moment(1, Stamp(10), b"1"), Moment(2, Stamp(20), b"2")))


class WholeContract(RecordsContract):
    """As RecordsContract."""

    async def test_st11_a_board_is_as_the_other_store_told_of_it(self, opened: Store) -> None:
        await opened.restore("b", STORED, HISTORY)
        await opened.restore("young", YOUNG, YOUNG_HISTORY)
        assert await opened.load("b") == STORED
        assert await opened.history("b") == HISTORY
        assert await opened.look("young") == YOUNG
        assert await opened.history("young") == YOUNG_HISTORY
        assert await opened.boards() == ["b", "young"]
        assert await opened.workshops() == [SERVER, "w"]

    async def test_st11_nothing_stays_of_what_stood_in_its_place(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "other", b"x", 1)]))
        for seq in range(2, 30):
            await opened.commit(Commit("w", appends=[Append("b", seq, (b"y",), seq)]))
        for seq in (12, 20):
            await opened.compact("b", StoredCheckpoint(seq, b"", b"z", seq))
        await opened.restore("b", STORED, HISTORY)
        assert await opened.load("b") == STORED
        assert await opened.history("b") == HISTORY
        await opened.restore("b", YOUNG, YOUNG_HISTORY)
        await opened.restore("b", YOUNG, YOUNG_HISTORY)  # as often as one likes
        assert await opened.load("b") == YOUNG
        assert await opened.history("b") == YOUNG_HISTORY

    async def test_st11_life_goes_on_from_there(self, opened: Store) -> None:
        await opened.restore("b", STORED, HISTORY)
        await opened.commit(Commit("w", appends=[Append("b", 11, (b"11",), 800, ("a",))]))
        await opened.compact("b", StoredCheckpoint(11, b"sv", b"eleven", 800))
        await opened.compact("b", StoredCheckpoint(11, b"sv", b"eleven", 800))
        last = Moment(11, Stamp(800, ("a",)), b"11")
        found = await opened.history("b")
        assert found == StoredHistory(HISTORY.base, (*HISTORY.moments, last))
        assert await opened.aged((550, 0)) == ["b"]
        passed = await opened.passed("b", 0, 550, 1 << 20)
        assert passed == list(HISTORY.moments[1:4])
        assert await opened.passed("b", 1, 1000, 1 << 20) == [HISTORY.moments[0]]
        await opened.commit(Commit("w", drops=["b"]))
        assert await opened.boards() == []
        assert await opened.history("b") is None

    async def test_st11_large_boards_come_in_whole(self, opened: Store) -> None:
        moments = tuple(
            Moment(seq, Stamp(seq, (f"p{seq % 3}",)), bytes([seq % 256]) * 40_000)
            for seq in range(1, 101)
        )
        updates = tuple(moment.update for moment in moments[60:])
        stored = StoredBoard("line", StoredCheckpoint(60, b"", b"s", 60), updates, 100, "w")
        await opened.restore("b", stored, StoredHistory(None, moments))
        assert await opened.load("b") == stored
        assert await opened.history("b") == StoredHistory(None, moments)

    async def test_st11_all_records_of_a_workshop_are_told(self, opened: Store) -> None:
        puts = [
            Record("person", "p/2\t%", "w", {"name": "Äiti"}),
            Record("person", "p1", "w", {"n": [1, None]}, blob=b"\0\1"),
            Record("workshop", "w", "", {}),
        ]
        await opened.commit(Commit("w", puts=puts))
        await opened.commit(Commit("v", puts=[Record("person", "p3", "w", {})]))
        await opened.commit(Commit(SERVER, puts=[Record("key", "codes", "", {"a": 1})]))
        await opened.commit(Commit("w", puts=[Record("person", "p/2\t%", "w", {"name": "B"})]))
        changed = Record("person", "p/2\t%", "w", {"name": "B"})
        assert await opened.records("w") == [changed, *puts[1:]]
        assert await opened.records(SERVER) == [Record("key", "codes", "", {"a": 1})]
        assert await opened.records("nobody") == []
