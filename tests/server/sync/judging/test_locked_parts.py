"""Zones and notes that are locked (JD18): nothing of them changes, and nothing comes or goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pycrdt import Text

from boards import edits
from boards.desk_parts.board_rights import EVERYTHING, LockedParts
from boards.document import Document
from boards.schema import NOTES, layout_root
from tests.server.sync.judging.test_bounds import (
    DOINGS,
    Change,
    add,
    codes,
    content,
    delete,
    heard,
    send,
    two_at_work,
)
from tests.support.rooms import BOARD


@pytest.mark.parametrize("locked", ["note", "zone"])
@pytest.mark.parametrize("doing", [doing for _, doing in DOINGS], ids=lambda f: f.__name__)
async def test_jd18_what_is_locked_stays_whosever_it_is(
    locked: str, doing: Callable[[Document, str], None]
) -> None:
    parts = LockedParts(zones=("challenges",)) if locked == "zone" else LockedParts(notes=("own",))
    async with two_at_work(EVERYTHING, locked=parts) as (rooms, lokki, kuovi):
        before = content(lokki)
        send(kuovi, lambda document: doing(document, "own"))
        await heard(rooms, lokki, kuovi)
        assert content(lokki) == content(kuovi) == before
        assert codes(kuovi) == [(f"locked-{locked}", 1)]
        send(lokki, lambda document: doing(document, "own"))
        send(kuovi, lambda document: edits.vote(document, "own", "kuovi", 1))
        await heard(rooms, lokki)
        assert content(lokki) != before


def into_zone(document: Document) -> None:
    edits.move_note(document, BOARD, "own", zone="wishes", position=(1, 2))


def under_theme(document: Document) -> None:
    edits.set_theme(document, "own", "muualla")


def new_note(document: Document) -> None:
    add(document, "uusi", "kuovi", zone="wishes")


def new_under_theme(document: Document) -> None:
    add(document, "uusi", "kuovi", theme="muualla")


def new_theme(document: Document) -> None:
    edits.add_theme(document, name="Uusi", zone="wishes", theme="uusi")


def theme_into(document: Document) -> None:
    edits.move_theme(document, BOARD, "teema", zone="wishes", position=(1, 2))


def theme_out(document: Document) -> None:
    edits.move_theme(document, BOARD, "muualla", zone="challenges", position=(1, 2))


def theme_name(document: Document) -> None:
    edits.rename_theme(document, "muualla", "Toinen")


@pytest.mark.parametrize(
    "doing",
    [
        into_zone,
        under_theme,
        new_note,
        new_under_theme,
        new_theme,
        theme_into,
        theme_out,
        theme_name,
    ],
    ids=lambda doing: doing.__name__,
)
async def test_jd18_nothing_comes_into_a_locked_zone_or_leaves_it(doing: Change) -> None:
    locked = LockedParts(zones=("wishes",))
    async with two_at_work(EVERYTHING, locked=locked) as (rooms, lokki, kuovi):
        send(
            lokki,
            lambda document: edits.add_theme(document, name="", zone="wishes", theme="muualla"),
        )
        await heard(rooms, lokki, kuovi)
        before = content(lokki)
        send(kuovi, doing)
        await heard(rooms, lokki, kuovi)
        after = content(lokki)
        after[layout_root(BOARD)].pop("uusi", None)  # what is taken out leaves its place
        assert after == before
        assert codes(kuovi) == [("locked-zone", 1)]
        assert content(kuovi) == content(lokki)


async def test_jd18_an_empty_note_is_thrown_away_also_where_it_was_locked_meanwhile() -> None:
    locked = LockedParts(zones=("challenges",))
    async with two_at_work(EVERYTHING, locked=locked) as (rooms, lokki, kuovi):
        send(lokki, lambda document: add(document, "tyhjä", "kuovi", text=Text("")))
        await heard(rooms, lokki, kuovi)
        send(kuovi, lambda document: delete(document, "tyhjä"))
        await heard(rooms, lokki, kuovi)
        assert content(lokki)[NOTES]["tyhjä"]["del"] is True
        assert codes(kuovi) == []
