"""What every store must do with records (rules ST5 and ST10); see contract.py."""

from collections.abc import AsyncIterator

import pytest

from server.store import (
    SERVER,
    Append,
    Commit,
    Expected,
    Misfit,
    NewBoard,
    Overtaken,
    Record,
    Store,
    StoredBoard,
    Versioned,
)


class RecordsContract:
    """Subclasses give a `store` fixture that yields a store ready to `open`."""

    @pytest.fixture
    async def opened(self, store: Store) -> AsyncIterator[Store]:
        await store.open()
        yield store
        await store.close()

    async def test_st5_records_are_found_by_id_and_by_parent(self, opened: Store) -> None:
        puts = [
            Record("person", "p2", "w", {"name": "Äiti 👩‍👧"}),
            Record("person", "p1", "w", {"name": "B"}, blob=b"\0\1"),
            Record("person", "p3", "other", {}),
            Record("token", "p1", "w", {"kind": "another"}),
        ]
        await opened.commit(Commit("w", puts=puts))
        assert await opened.get("person", "p2") == {"name": "Äiti 👩‍👧"}
        assert await opened.find("person", "w") == [
            ("p2", {"name": "Äiti 👩‍👧"}),
            ("p1", {"name": "B"}),
        ]
        assert await opened.blob("person", "p1") == b"\0\1"
        assert await opened.blob("person", "p2") is None
        await opened.commit(Commit("w", puts=[Record("person", "p2", "w", {"name": "C"})]))
        assert [id for id, _ in await opened.find("person", "w")] == ["p2", "p1"]

    async def test_st5_deleting_what_is_not_there_is_no_error(self, opened: Store) -> None:
        await opened.commit(Commit("w", puts=[Record("person", "p", "w", {})]))
        await opened.commit(Commit("w", deletes=[("person", "p"), ("person", "nobody")]))
        assert await opened.get("person", "p") is None

    async def test_st5_a_parent_is_forgotten_with_all_that_is_under_it(self, opened: Store) -> None:
        puts = [Record(kind, f"{kind}{of}", of, {}) for kind in ("person", "odd") for of in "wv"]
        await opened.commit(Commit("w", puts=puts))
        late = Record("late", "late", "w", {})
        await opened.commit(Commit("w", puts=[late], forgets=["w"]))
        for kind in ("person", "odd", "late"):
            assert await opened.find(kind, "w") == []
        assert await opened.get("person", "personv") == {}

    async def test_st10_a_record_knows_how_often_it_was_put(self, opened: Store) -> None:
        assert await opened.read("person", "p") == Versioned(None, 0)
        for version in (1, 2, 3):
            await opened.commit(Commit("w", puts=[Record("person", "p", "w", {"n": version})]))
            assert await opened.read("person", "p") == Versioned({"n": version}, version)
        await opened.commit(Commit("w", deletes=[("person", "p")]))
        assert await opened.read("person", "p") == Versioned(None, 0)

    async def test_st10_of_two_who_go_by_one_version_the_first_writes(self, opened: Store) -> None:
        """One of two that read the same is told, and nothing of what it wanted is there."""

        def add(name: str, version: int) -> Commit:
            return Commit(
                "w",
                puts=[Record("leads", "a", "w", {"last": name}), Record("person", name, "w", {})],
                expects=[Expected("leads", "a", version)],
            )

        first, second = await opened.commit_all([add("one", 0), add("two", 0)])
        assert first is None
        assert isinstance(second, Overtaken)
        assert await opened.get("leads", "a") == {"last": "one"}
        assert await opened.get("person", "two") is None
        for late in (0, 2):
            with pytest.raises(Overtaken):
                await opened.commit(add("two", late))
        await opened.commit(add("two", 1))
        assert await opened.get("leads", "a") == {"last": "two"}

    async def test_st10_what_is_expected_may_be_of_another_kind(self, opened: Store) -> None:
        """Edits go by it as well: a board is written to only while somebody waits."""
        await opened.commit(
            Commit(
                "w",
                creates=[NewBoard("b", "line", b"1")],
                puts=[Record("waiting", "p", "w", {})],
            )
        )
        waits = [Expected("waiting", "p", 1)]
        edit = Commit(
            "w", appends=[Append("b", 2, (b"2",))], deletes=[("waiting", "p")], expects=waits
        )
        outcomes = await opened.commit_all([edit, edit])
        assert [type(outcome) for outcome in outcomes] == [type(None), Overtaken]
        with pytest.raises(Overtaken):
            await opened.commit(Commit("w", appends=[Append("b", 3, (b"3",))], expects=waits))
        assert await opened.load("b") == StoredBoard("line", None, (b"1", b"2"), workshop="w")

    async def test_st5_who_is_under_nobody_is_found_in_all_workshops(self, opened: Store) -> None:
        for workshop in ("w2", "w1", "w3"):
            put = Record("workshop", workshop, "", {"of": workshop})
            await opened.commit(Commit(workshop, puts=[put, Record("idle", workshop, "x", {})]))
        await opened.commit(Commit("w1", puts=[Record("workshop", "w1", "", {"of": "w1"})]))
        found = await opened.find("workshop", "")
        assert sorted(found) == [(each, {"of": each}) for each in ("w1", "w2", "w3")]
        await opened.commit(Commit("w1", deletes=[("workshop", "w1")]))
        assert sorted(id for id, _ in await opened.find("workshop", "")) == ["w2", "w3"]
        assert [id for id, _ in await opened.find("idle", "x")] == ["w2", "w1", "w3"]

    async def test_st5_a_record_can_go_to_another_parent(self, opened: Store) -> None:
        await opened.commit(Commit("w", puts=[Record("round", "r", "a", {}, blob=b"1")]))
        await opened.commit(Commit("w", puts=[Record("round", "s", "b", {})]))
        await opened.commit(Commit("w", puts=[Record("round", "r", "b", {})]))
        assert await opened.find("round", "a") == []
        assert await opened.find("round", "b") == [("r", {}), ("s", {})]
        assert await opened.blob("round", "r") is None
        await opened.commit(Commit("w", forgets=["a"]))
        assert await opened.get("round", "r") == {}

    async def test_st5_ids_may_hold_anything(self, opened: Store) -> None:
        """A provider names people as it likes."""
        ids = ["a/b", "a\tb", "a\nb", "a%09b", "{a}", "ä 👩‍👧", "a:b"]
        puts = [Record("leads", id, id, {"id": id}) for id in ids]
        await opened.commit(Commit(SERVER, puts=puts))
        for id in ids:
            assert await opened.get("leads", id) == {"id": id}
            assert await opened.find("leads", id) == [(id, {"id": id})]
        await opened.commit(Commit(SERVER, deletes=[("leads", ids[1])], forgets=[ids[2]]))
        assert [id for id in ids if await opened.get("leads", id) is None] == ids[1:3]

    async def test_st10_what_one_lets_go_the_next_may_have(self, opened: Store) -> None:
        """In one go, also of another workshop, and the same again."""
        await opened.commit(Commit("w", puts=[Record("code", "c", "w", {})]))
        gone = [("code", "c")]
        outcomes = await opened.commit_all(
            [
                Commit("v", puts=[Record("code", "c", "v", {})]),
                Commit("w", deletes=gone),
                Commit("w", puts=[Record("code", "c", "w", {"n": 2})]),
                Commit("w", deletes=gone),
                Commit("v", puts=[Record("code", "c", "v", {"n": 3})]),
            ]
        )
        assert [type(outcome) for outcome in outcomes] == [Misfit, *[type(None)] * 4]
        assert await opened.read("code", "c") == Versioned({"n": 3}, 1)
        assert await opened.find("code", "w") == []
        assert await opened.find("code", "v") == [("c", {"n": 3})]
        again = [Commit("v", deletes=gone), Commit("v", puts=[Record("code", "c", "v", {"n": 4})])]
        assert await opened.commit_all(again) == [None, None]
        assert await opened.read("code", "c") == Versioned({"n": 4}, 1)
        assert await opened.find("code", "v") == [("c", {"n": 4})]
