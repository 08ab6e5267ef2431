"""What participants may do with notes, by a board's rights (JD17): walked verb by verb."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from pycrdt import Map, Text

from boards import edits
from boards.desk_parts.board_rights import (
    EVERYTHING,
    NOTHING_LOCKED,
    SCOPES,
    BoardRights,
    LockedParts,
)
from boards.document import Document
from boards.schema import NOTES, layout_root, read_all_notes
from server.store.memory import MemoryStore
from server.sync.rooms import Rooms
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, LIMITS, Client, access, board_rooms, settled

Change = Callable[[Document], object]
VERBS = ("edit", "move", "delete")
OWNERS = {"own": "kuovi", "another's": "lokki", "nobody's": None}


def retext(document: Document, note: str) -> None:
    edits.retext(document, note, "toisin")


def recolour(document: Document, note: str) -> None:
    edits.recolour(document, note, "pink")


def move(document: Document, note: str) -> None:
    edits.move_note(document, BOARD, note, zone="wishes", position=(500, 500))


def shift(document: Document, note: str) -> None:
    document.root(layout_root(BOARD))[note] = [500, 500]


def gather(document: Document, note: str) -> None:
    edits.set_theme(document, note, "teema")


def delete(document: Document, note: str) -> None:
    edits.delete_note(document, note)


def disown(document: Document, note: str) -> None:
    """A note of one's own, or nobody's, becomes somebody else's, or nobody's: nothing counts it."""
    fields = document.root(NOTES)[note]
    fields["author"] = None if fields.get("author") else "kuovi"


DOINGS = [
    ("edit", retext),
    ("edit", recolour),
    ("move", move),
    ("move", shift),
    ("move", gather),
    ("delete", delete),
]


@asynccontextmanager
async def two_at_work(
    allowed: BoardRights,
    clock: HandClock | None = None,
    locked: LockedParts = NOTHING_LOCKED,
) -> AsyncIterator[tuple[Rooms, Client, Client]]:
    """Kuovi is bound by these rights, Lokki is not: three notes and a theme stand there."""
    async with board_rooms(MemoryStore(), clock=clock) as rooms, rooms.hold(BOARD) as room:
        lokki = Client(room, replace(access("lokki"), role="facilitator"))
        kuovi = Client(room, replace(access("kuovi"), allowed=allowed, locked=locked))
        lokki.sync()
        for note, author in OWNERS.items():
            send(lokki, partial(add, note=note, author=author))
        send(lokki, lambda document: make_theme(document, "teema"))
        await settled(rooms)
        kuovi.sync()
        await heard(rooms, lokki, kuovi)
        yield rooms, lokki, kuovi


def add(document: Document, note: str, author: str | None, **fields: Any) -> None:
    value = {"text": Text("näin"), "zone": "challenges", "color": "blue", "at": 1, **fields}
    if author is not None:
        value["author"] = author
    document.root(NOTES)[note] = Map(value)
    document.root(layout_root(BOARD))[note] = [10, 20]


def make_theme(document: Document, theme: str) -> None:
    edits.add_theme(document, name="Aihe", zone="challenges", theme=theme)
    document.root(layout_root(BOARD))[theme] = [30, 40]


def send(client: Client, change: Change) -> None:
    client.send_update(client.document.record(lambda: change(client.document))[1])


async def heard(rooms: Rooms, *clients: Client) -> None:
    for _ in range(2):  # each may be asked something
        await settled(rooms)
        for client in clients:
            client.hear()
            assert (client.error, client.not_taken) == (None, [])


def content(client: Client) -> dict[str, Any]:
    roots = NOTES, "themes", layout_root(BOARD)
    return {root: client.document.root(root).to_py() for root in roots}


def codes(client: Client) -> list[tuple[str, int]]:
    assert all(notice["rule"] == "JD17" for _, notice in client.notices)
    return [(notice["code"], notice["count"]) for _, notice in client.notices]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize(("verb", "doing"), DOINGS, ids=[f.__name__ for _, f in DOINGS])
async def test_every_verb_by_whose_note_it_is(
    scope: str, owner: str, verb: str, doing: Callable[[Document, str], None]
) -> None:
    may = scope == "all" or (scope == "own" and owner == "own")
    others = {each: "none" for each in VERBS if each != verb}
    async with two_at_work(BoardRights(add=False, **{verb: scope, **others})) as (  # type: ignore[arg-type]
        rooms,
        lokki,
        kuovi,
    ):
        before = content(lokki)
        send(kuovi, lambda document: doing(document, owner))
        changed = content(kuovi)
        await heard(rooms, lokki, kuovi)
        assert content(lokki) == content(kuovi) == (changed if may else before)
        assert codes(kuovi) == ([] if may else [(f"may-not-{verb}", 1)])
        if not may and doing is retext:
            assert kuovi.notices[0][1]["texts"] == ["toisin"]
        if not may:
            send(lokki, lambda document: doing(document, owner))  # who leads is not bound
            await heard(rooms, lokki, kuovi)
        assert content(lokki) == content(kuovi) == changed


@pytest.mark.parametrize("add_allowed", [True, False])
async def test_who_may_not_add_hears_what_they_wrote(add_allowed: bool) -> None:
    async with two_at_work(replace(EVERYTHING, add=add_allowed, most=50)) as (rooms, lokki, kuovi):
        send(kuovi, lambda document: add(document, "uusi", "kuovi"))
        await heard(rooms, lokki, kuovi)
        assert ("uusi" in content(lokki)[NOTES]) is add_allowed
        assert codes(kuovi) == ([] if add_allowed else [("may-not-add", 1)])
        assert add_allowed or kuovi.notices[0][1]["texts"] == ["näin"]
        assert content(kuovi) == content(lokki)


async def test_letters_for_a_note_that_may_not_be_there_are_told_as_well() -> None:
    async with two_at_work(replace(EVERYTHING, add=False)) as (rooms, lokki, kuovi):
        send(kuovi, lambda document: add(document, "uusi", "kuovi"))
        text = kuovi.document.root(NOTES)["uusi"]["text"]
        await settled(rooms)
        send(kuovi, lambda _: text.insert(4, " jatkuu"))
        for _ in range(2):
            await settled(rooms)
            kuovi.hear()
        assert [n["code"] for _, n in kuovi.notices] == ["may-not-add", "note-gone"]
        assert kuovi.notices[1][1]["texts"] == [" jatkuu"]


async def test_a_note_is_made_shown_written_and_thrown_away_where_one_may_only_add() -> None:
    """As our client does it: born deleted, then shown; left empty, it goes."""
    bound = BoardRights(add=True, edit="own", move="none", delete="none", most=2)
    async with two_at_work(bound) as (rooms, lokki, kuovi):
        send(kuovi, lambda d: add(d, "uusi", "kuovi", **{"text": Text(""), "del": True}))
        send(kuovi, lambda d: edits.restore_note(d, "uusi"))
        send(kuovi, lambda d: edits.retext(d, "uusi", "x"))
        send(kuovi, lambda d: edits.retext(d, "uusi", ""))
        send(kuovi, lambda d: edits.delete_note(d, "uusi"))
        await heard(rooms, lokki, kuovi)
        assert codes(kuovi) == []
        assert content(lokki)[NOTES]["uusi"]["del"] is True
        assert content(lokki) == content(kuovi)


async def test_of_too_many_notes_the_latest_go() -> None:
    """Kuovi has one already, and may have three."""
    async with two_at_work(replace(EVERYTHING, most=3)) as (rooms, lokki, kuovi):

        def four(document: Document) -> None:
            for at in (5, 2, 4, 3):
                add(document, f"n{at}", "kuovi", at=at)

        send(kuovi, four)
        await heard(rooms, lokki, kuovi)
        assert content(lokki)[NOTES].keys() == {*OWNERS, "n2", "n3"}
        assert codes(kuovi) == [("too-many-of-yours", 2)]
        assert content(lokki) == content(kuovi)


async def test_what_is_deleted_does_not_count_until_it_comes_back() -> None:
    async with two_at_work(replace(EVERYTHING, most=1)) as (rooms, lokki, kuovi):
        send(kuovi, lambda document: add(document, "toinen", "kuovi", **{"del": True}))
        await heard(rooms, lokki, kuovi)
        assert codes(kuovi) == []
        send(kuovi, lambda document: edits.restore_note(document, "toinen"))
        await heard(rooms, lokki, kuovi)
        assert codes(kuovi) == [("too-many-of-yours", 1)]
        assert content(lokki)[NOTES]["toinen"]["del"] is True

        def swap(document: Document) -> None:
            edits.delete_note(document, "own")
            edits.restore_note(document, "toinen")

        send(kuovi, swap)
        await heard(rooms, lokki, kuovi)
        assert len(codes(kuovi)) == 1
        standing = [n for n, note in read_all_notes(lokki.document).items() if not note.deleted]
        assert sorted(standing) == ["another's", "nobody's", "toinen"]


async def test_nobody_counts_less_by_leaving_their_name_out() -> None:
    async with two_at_work(replace(EVERYTHING, most=1)) as (rooms, lokki, kuovi):
        before = content(lokki)
        send(kuovi, lambda document: add(document, "uusi", None))
        send(kuovi, lambda document: disown(document, "own"))
        await heard(rooms, lokki, kuovi)
        assert content(lokki)[NOTES] == content(kuovi)[NOTES] == before[NOTES]
        assert codes(kuovi) == [("too-many-of-yours", 1), ("may-not-edit", 1)]


@pytest.mark.parametrize(
    "doing",
    [
        lambda d: edits.rename_theme(d, "teema", "Toinen"),
        lambda d: edits.move_theme(d, BOARD, "teema", zone="wishes", position=(1, 2)),
        lambda d: edits.delete_theme(d, "teema"),
        lambda d: make_theme(d, "uusi"),
    ],
    ids=["name", "move", "take apart", "make"],
)
@pytest.mark.parametrize("scope", SCOPES)
async def test_themes_are_everybodys(scope: Any, doing: Change) -> None:
    async with two_at_work(replace(EVERYTHING, move=scope, most=9)) as (rooms, lokki, kuovi):
        before = content(lokki)
        send(kuovi, doing)
        changed = content(kuovi)
        await heard(rooms, lokki, kuovi)
        found = content(lokki)
        if scope != "all":  # of one that was made, only the place stays behind, which says nothing
            found[layout_root(BOARD)].pop("uusi", None)
        assert found == (changed if scope == "all" else before)
        assert codes(kuovi) == ([] if scope == "all" else [("may-not-move", 1)])


async def test_what_goes_together_and_comes_from_offline_is_judged_one_by_one() -> None:
    """Own things stay, others' are as they were, whatever came in between from who may."""
    bound = BoardRights(add=True, edit="own", move="own", delete="own")
    async with two_at_work(bound) as (rooms, lokki, kuovi):
        send(lokki, lambda document: edits.retext(document, "another's", "näin on"))

        def all_at_once(document: Document) -> None:
            for note in OWNERS:
                retext(document, note)
                move(document, note)
                delete(document, note)
            add(document, "uusi", "kuovi")

        send(kuovi, all_at_once)
        await heard(rooms, lokki, kuovi)
        assert content(lokki) == content(kuovi)
        notes = content(lokki)[NOTES]
        assert (notes["own"]["del"], notes["own"]["text"]) == (True, "toisin")
        assert notes["another's"]["text"] == "näin on"
        assert notes["nobody's"]["text"] == "näin"
        assert {notes[note]["zone"] for note in ("another's", "nobody's")} == {"challenges"}
        assert not any(notes[note].get("del") for note in ("another's", "nobody's", "uusi"))
        assert dict(codes(kuovi)) == {"may-not-edit": 2, "may-not-move": 2, "may-not-delete": 2}


async def test_what_is_put_right_is_no_deletion_to_be_given_back() -> None:
    async with two_at_work(replace(EVERYTHING, delete="own")) as (rooms, _, kuovi):
        room = kuovi.room
        send(kuovi, lambda document: delete(document, "another's"))
        send(kuovi, lambda document: delete(document, "own"))
        await heard(rooms, kuovi)
        assert room.removals.known.keys() == {"own"}


async def test_rights_take_effect_while_people_are_connected_after_a_moment() -> None:
    """What is on its way has two seconds (RM10); what is given back is there at once."""
    clock = HandClock()
    async with two_at_work(EVERYTHING, clock) as (rooms, lokki, kuovi):
        bound = replace(EVERYTHING, edit="own")

        def decide(allowed: BoardRights) -> None:
            rooms.reauthorise(
                kuovi.access.workshop,
                lambda who: replace(who, allowed=allowed if who.person == "kuovi" else EVERYTHING),
            )

        decide(bound)
        send(kuovi, lambda document: edits.retext(document, "another's", "vielä"))
        await heard(rooms, kuovi, lokki)
        assert codes(kuovi) == []
        clock.turn(LIMITS.grace_seconds)
        send(kuovi, lambda document: edits.retext(document, "another's", "liian myöhään"))
        await heard(rooms, kuovi, lokki)
        assert codes(kuovi) == [("may-not-edit", 1)]
        assert content(lokki)[NOTES]["another's"]["text"] == "vielä"
        decide(EVERYTHING)
        send(kuovi, lambda document: edits.retext(document, "another's", "taas"))
        await heard(rooms, kuovi, lokki)
        assert len(codes(kuovi)) == 1
        assert content(lokki)[NOTES]["another's"]["text"] == "taas"


async def test_a_board_on_which_nobody_wrote_for_a_while_knows_what_it_said() -> None:
    """Its document was let go of; it is made anew, and what others' notes say with it."""
    async with two_at_work(replace(EVERYTHING, edit="own")) as (rooms, lokki, kuovi):
        live = kuovi.room.loaded_board()
        live.let_judge_go()
        live.state.release_document()
        send(kuovi, lambda document: retext(document, "another's"))
        await heard(rooms, kuovi, lokki)
        assert content(lokki)[NOTES]["another's"]["text"] == "näin"
        assert content(kuovi) == content(lokki)
