"""What every store must do (rules ST1–ST10 of docs/protocol.md); run once per implementation."""

import pytest

from server.store import (
    SERVER,
    Append,
    Commit,
    Misfit,
    Moment,
    NewBoard,
    Record,
    Stamp,
    Store,
    StoredBoard,
    StoredCheckpoint,
    StoredHistory,
    StoreUnavailable,
)
from tests.server.store.whole_contract import WholeContract

ALL = (
    Moment(1, Stamp(10), b"1"),
    Moment(2, Stamp(20, ("a",)), b"2"),
    Moment(3, Stamp(20), b"3"),
    Moment(4, Stamp(30), b"4"),
    Moment(5, Stamp(40, ("b",)), b"5"),
    Moment(6, Stamp(50, ("a",)), b"6"),
)


class StoreContract(WholeContract):
    """Subclasses give a `store` fixture that yields a store ready to `open`."""

    async def test_st1_an_unknown_board_is_absent_and_not_an_error(self, opened: Store) -> None:
        assert await opened.load("nobody") is None
        assert await opened.boards() == []

    async def test_st2_a_board_reads_back_in_order(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"one")]))
        await opened.commit(
            Commit("w", appends=[Append("b", 2, (b"two", b"")), Append("b", 4, (b"4",))])
        )
        assert await opened.load("b") == StoredBoard(
            "line", None, (b"one", b"two", b"", b"4"), workshop="w"
        )
        assert await opened.boards() == ["b"]

    async def test_st3_a_commit_is_all_or_nothing(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"one")]))
        bad = Commit(
            "w",
            creates=[NewBoard("c", "line", b"one")],
            appends=[Append("b", 2, (b"two",)), Append("b", 9, (b"nine",))],
            puts=[Record("person", "p", "w", {})],
        )
        with pytest.raises(ValueError, match="expected update 3, got 9"):
            await opened.commit(bad)
        assert await opened.load("c") is None
        assert await opened.get("person", "p") is None
        stored = await opened.load("b")
        assert stored is not None
        assert stored.updates == (b"one",)

    async def many(self, store: Store) -> list[str]:
        """A hundred workshops with a board each, whose id is theirs."""
        workshops = [f"w{number}" for number in range(100)]
        commits = [Commit(w, creates=[NewBoard(w, "line", b"1")]) for w in workshops]
        assert await store.commit_all(commits) == [None] * 100
        return workshops

    @pytest.mark.parametrize("wide", [False, True], ids=["edits", "with records"])
    async def test_st3_one_that_does_not_fit_fails_alone(self, opened: Store, wide: bool) -> None:
        workshops = await self.many(opened)

        def commit(workshop: str) -> Commit:
            append = Append(workshop, 9 if workshop == "w50" else 2, (b"2",))
            puts = [Record("person", workshop, workshop, {})] if wide else []
            return Commit(workshop, appends=[append], puts=puts)

        outcomes = await opened.commit_all([commit(workshop) for workshop in workshops])
        assert isinstance(outcomes[50], Misfit)
        assert [outcome for outcome in outcomes if outcome] == [outcomes[50]]
        for workshop in workshops:
            fits = workshop != "w50"
            stored = await opened.load(workshop)
            assert stored is not None
            assert stored.updates == ((b"1", b"2") if fits else (b"1",))
            assert (await opened.get("person", workshop) == {}) == (wide and fits)
        assert await opened.commit_all([Commit("w50", appends=[Append("w50", 2, (b"2",))])]) == [
            None
        ]

    async def test_st3_what_was_written_of_one_that_does_not_fit_goes(self, opened: Store) -> None:
        """It fails at its end only, amid others that see each other."""
        await self.many(opened)
        bad = Commit(
            "w1",
            creates=[NewBoard("new", "line", b"1")],
            appends=[Append("w1", 2, (b"2",))],
            puts=[Record("person", "p", "w1", {}), Record("person", "others", "w1", {})],
            deletes=[("person", "mine")],
            drops=["w1"],
        )
        outcomes = await opened.commit_all(
            [
                Commit("w0", puts=[Record("person", "others", "w0", {})]),
                Commit("w1", puts=[Record("person", "mine", "w1", {})]),
                Commit("w2", appends=[Append("w2", 2, (b"2",))]),
                bad,
                Commit("w1", appends=[Append("w1", 2, (b"two",))]),
                Commit("w2", appends=[Append("w2", 3, (b"3",))]),
            ]
        )
        assert [type(outcome) for outcome in outcomes] == [
            *[type(None)] * 3,
            Misfit,
            *[type(None)] * 2,
        ]
        assert await opened.load("new") is None
        assert await opened.get("person", "p") is None
        assert await opened.get("person", "mine") == {}
        assert await opened.load("w1") == StoredBoard("line", None, (b"1", b"two"), workshop="w1")
        assert (await opened.load("w2")).seq == 3  # type: ignore[union-attr]

    async def test_st3_a_commit_writes_to_its_own_workshop_only(self, opened: Store) -> None:
        await opened.commit(
            Commit(
                "v", creates=[NewBoard("b", "line", b"1")], puts=[Record("person", "p", "v", {})]
            )
        )
        await opened.commit(Commit(SERVER, puts=[Record("leads", "somebody", "", {})]))
        for bad in (
            Commit("w", appends=[Append("b", 2, (b"2",))]),
            Commit("w", drops=["b"]),
            Commit("w", puts=[Record("person", "p", "w", {"name": "A"})]),
            Commit("w", puts=[Record("leads", "somebody", "w", {})]),
            Commit(SERVER, appends=[Append("b", 2, (b"2",))]),
            Commit("w", appends=[Append("nobody", 1, (b"1",))]),
        ):
            with pytest.raises(Misfit):
                await opened.commit(bad)
        await opened.commit(Commit("w", deletes=[("person", "p")], forgets=["v"]))
        assert await opened.get("person", "p") == {}
        assert await opened.load("b") == StoredBoard("line", None, (b"1",), workshop="v")

    async def test_st3_a_board_is_created_once(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"one")]))
        with pytest.raises(ValueError, match="b"):
            await opened.commit(Commit("w", creates=[NewBoard("b", "other", b"two")]))

    async def test_st4_a_checkpoint_stands_for_the_beginning(self, opened: Store) -> None:
        three = StoredCheckpoint(3, b"sv", b"first three")
        five = StoredCheckpoint(5, b"sv", b"all five")
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
        await opened.commit(Commit("w", appends=[Append("b", 2, (b"2", b"3", b"4"))]))
        await opened.compact("b", three)
        assert await opened.load("b") == StoredBoard("line", three, (b"4",), workshop="w")
        await opened.commit(Commit("w", appends=[Append("b", 5, (b"5",))]))
        await opened.compact("b", five)
        assert await opened.load("b") == StoredBoard("line", five, (), workshop="w")
        await opened.commit(Commit("w", appends=[Append("b", 6, (b"6",))]))
        stored = await opened.load("b")
        assert stored is not None
        assert stored.seq == 6

    async def test_st9_a_board_knows_when_it_was_last_written_to(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"1", at=10)]))
        assert await opened.load("b") == StoredBoard("line", None, (b"1",), at=10, workshop="w")
        appends = [Append("b", 2, (b"2",), 20, ("a",)), Append("b", 3, (b"3",), 30)]
        await opened.commit(Commit("w", appends=appends))
        stored = await opened.load("b")
        assert stored is not None
        assert stored.at == 30
        for _ in range(2):
            await opened.compact("b", StoredCheckpoint(3, b"sv", b"all", at=30))
            after = await opened.load("b")
            assert after is not None
            assert after.at == 30

    async def long(self, store: Store) -> None:
        """Board b of six updates, the first four of which are history."""
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1", at=10)]))
        appends = [Append("b", 2, (b"2", b"3"), 20, ("a", "")), Append("b", 4, (b"4",), 30)]
        await store.commit(Commit("w", appends=appends))
        await store.compact("b", StoredCheckpoint(4, b"sv", b"four", at=30))
        await store.commit(Commit("w", appends=[Append("b", 5, (b"5",), 40, ("b",))]))
        await store.compact("b", StoredCheckpoint(5, b"sv", b"five", at=40))
        await store.commit(Commit("w", appends=[Append("b", 6, (b"6",), 50, ("a",))]))

    async def test_hi1_what_leaves_the_log_is_kept_with_its_stamps(self, opened: Store) -> None:
        assert await opened.history("b") is None
        await self.long(opened)
        assert await opened.history("b") == StoredHistory(None, ALL)
        assert [seq for seq, _, _ in await opened.lengths("b")][-1] == 4
        stored = await opened.load("b")
        assert stored is not None
        assert stored.updates == (b"6",)

    async def test_hi2_moments_become_fewer_as_they_age(self, opened: Store) -> None:
        await self.long(opened)
        assert await opened.aged((30, 0, 0)) == ["b"]
        assert await opened.aged((10, 30, 30)) == []
        old = await opened.passed("b", 0, 31, 1 << 20)
        assert old == list(ALL[:4])
        assert await opened.passed("b", 0, 31, 0) == []
        one = Moment(4, Stamp(30, ("a",), 4), b"1-4")
        await opened.thin("b", 1, [one])
        assert await opened.history("b") == StoredHistory(None, (one, *ALL[4:]))
        assert await opened.passed("b", 0, 31, 1 << 20) == []
        assert await opened.passed("b", 1, 31, 1 << 20) == [one]
        await opened.thin("b", 1, [one])  # of what is no longer there
        await opened.thin("b", 1, [Moment(5, Stamp(40, (), 5), b"1-5")])
        assert await opened.history("b") == StoredHistory(None, (one, *ALL[4:]))

    async def test_hi3_history_can_begin_with_a_state(self, opened: Store) -> None:
        await self.long(opened)
        await opened.thin("b", 1, [Moment(4, Stamp(30, ("a",), 4), b"1-4")])
        base = StoredCheckpoint(4, b"sv", b"four", at=30)
        await opened.rebase("b", base)
        assert await opened.history("b") == StoredHistory(base, ALL[4:])
        assert await opened.lengths("b") == []
        await opened.rebase("b", StoredCheckpoint(4, b"sv", b"late", at=31))
        assert await opened.history("b") == StoredHistory(base, ALL[4:])

    async def test_hi4_erased_is_erased_from_history(self, opened: Store) -> None:
        await self.long(opened)
        six = StoredCheckpoint(6, b"sv", b"six", at=50)
        await opened.commit(Commit("w", appends=[Append("b", 7, (b"7",), 60, ("a",))]))
        await opened.erase("b", six)
        seven = Moment(7, Stamp(60, ("a",)), b"7")
        assert await opened.history("b") == StoredHistory(six, (seven,))
        assert await opened.load("b") == StoredBoard("line", six, (b"7",), at=60, workshop="w")
        await opened.thin("b", 1, [Moment(4, Stamp(30, ("a",), 4), b"1-4")])  # that was under way
        assert await opened.history("b") == StoredHistory(six, (seven,))

    async def test_hi4_what_was_compacted_meanwhile_is_older_than_what_was_erased(
        self, opened: Store
    ) -> None:
        await self.long(opened)
        six = StoredCheckpoint(6, b"sv", b"six", at=50)
        await opened.commit(Commit("w", appends=[Append("b", 7, (b"7",), 60, ("a",))]))
        await opened.erase("b", six)
        await opened.compact("b", StoredCheckpoint(5, b"sv", b"five", at=40))  # read before
        assert await opened.load("b") == StoredBoard("line", six, (b"7",), at=60, workshop="w")
        assert await opened.history("b") == StoredHistory(
            six, (Moment(7, Stamp(60, ("a",)), b"7"),)
        )

    async def test_hi4_what_is_erased_may_end_amid_what_came_together(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"1", at=10)]))
        appends = [
            Append("b", 2, (b"2", b"3", b"4"), 20, ("a", "", "b")),
            Append("b", 5, (b"5",), 30),
        ]
        await opened.commit(Commit("w", appends=appends))
        three = StoredCheckpoint(3, b"sv", b"three", at=20)
        for _ in range(2):
            await opened.erase("b", three)
            assert await opened.history("b") == StoredHistory(
                three, (Moment(4, Stamp(20, ("b",)), b"4"), Moment(5, Stamp(30), b"5"))
            )
        await opened.commit(Commit("w", appends=[Append("b", 6, (b"6",), 40)]))
        assert await opened.load("b") == StoredBoard(
            "line", three, (b"4", b"5", b"6"), at=40, workshop="w"
        )

    async def test_hi4_a_dropped_board_has_no_history(self, opened: Store) -> None:
        await self.long(opened)
        await opened.erase("b", StoredCheckpoint(6, b"sv", b"six", at=50))
        await opened.commit(Commit("w", drops=["b"]))
        assert await opened.history("b") is None
        await opened.erase("b", StoredCheckpoint(6, b"sv", b"six", at=50))
        await opened.commit(Commit("w", creates=[NewBoard("b", "anew", b"1", at=70)]))
        history = StoredHistory(None, (Moment(1, Stamp(70), b"1"),))
        assert await opened.history("b") == history
        assert await opened.lengths("b") == []

    async def test_st6_a_dropped_board_is_gone(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"one")]))
        await opened.compact("b", StoredCheckpoint(1, b"sv", b"checkpoint"))
        await opened.commit(Commit("w", drops=["b"]))
        assert await opened.load("b") is None
        await opened.commit(Commit("w", creates=[NewBoard("b", "anew", b"1")]))
        assert await opened.load("b") == StoredBoard("anew", None, (b"1",), workshop="w")

    async def test_st8_a_scrub_keeps_what_stands(self, opened: Store) -> None:
        await opened.commit(Commit("w", creates=[NewBoard("b", "line", b"one")]))
        for name in ("A", "B"):
            await opened.commit(Commit("w", puts=[Record("person", "p", "w", {"name": name})]))
        await opened.scrub()
        assert await opened.get("person", "p") == {"name": "B"}
        assert await opened.load("b") == StoredBoard("line", None, (b"one",), workshop="w")

    async def test_st7_a_closed_store_says_so(self, store: Store) -> None:
        with pytest.raises(StoreUnavailable):
            await store.load("b")
