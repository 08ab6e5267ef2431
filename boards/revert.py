"""Taking changes back as ordinary edits: to a snapshot, or of one merge; never by force.

Everybody's screen follows, and what somebody writes offline meanwhile merges with it as with any
other edit. What others have changed since stays as they left it (rules SN1–SN5, docs/protocol.md).

    reverted = take_back(document, board, differences(board, before, after))

Finding the differences of two states takes long for large ones, and needs no live document: it can
be done in another process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pycrdt import Map, Text

from boards.changes.values import GONE
from boards.document import Document
from boards.edits import rewrite
from boards.schema import (
    ANSWERS,
    EXPERIMENTS,
    LINKS,
    NOTES,
    THEMES,
    child,
    entries,
    is_deleted,
    layout_root,
    plain,
)

__all__ = ["Difference", "Reverted", "differences", "revert", "take_back"]

ITEMS = (NOTES, THEMES, EXPERIMENTS)  # a Map each, which is marked as deleted and stays


class Difference(NamedTuple):
    """A value of a root that was one thing and became another; GONE where there is none.

    `texts`: fields that were shared texts; None for what was no Map.
    """

    root: str
    key: str
    was: Any
    became: Any
    texts: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Reverted:
    """Ids of notes and experiments that a reversal took off the board, and brought back."""

    deleted: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()
    experiments_deleted: frozenset[str] = frozenset()
    experiments_restored: frozenset[str] = frozenset()

    @property
    def gone(self) -> int:
        return len(self.deleted) + len(self.experiments_deleted)

    @property
    def back(self) -> int:
        return len(self.restored) + len(self.experiments_restored)


def revert(
    document: Document, board: str, before: Document, after: Document | None = None
) -> Reverted:
    """Take back what led from `before` to `after`, or all since: see `take_back`."""
    found = differences(board, before, document if after is None else after)
    return take_back(document, board, found)


def differences(board: str, before: Document, after: Document) -> list[Difference]:
    """What another state made of a board, in the order in which it is taken back."""
    roots = (*ITEMS, LINKS, layout_root(board), ANSWERS)
    return [found for root in roots for found in differing(before, after, root)]


def take_back(document: Document, board: str, found: Collection[Difference]) -> Reverted:
    """Take back, in one transaction, what led from one state of this board to another.

    What was changed again after it stays, and an item that is new in it goes only if nobody has
    touched it; dots are people's own and stay where they are.
    """
    stood = standing(document, found)
    with document.transaction():
        for root in ITEMS:
            for each in of_root(root, found):
                _item(document, each)
        for root in (LINKS, layout_root(board)):
            _values(document, root, of_root(root, found))
        for each in of_root(ANSWERS, found):
            _answer(document, each)
    stands = standing(document, found)
    return Reverted(
        deleted=stood[0] - stands[0],
        restored=stands[0] - stood[0],
        experiments_deleted=stood[1] - stands[1],
        experiments_restored=stands[1] - stood[1],
    )


def of_root(root: str, found: Iterable[Difference]) -> list[Difference]:
    return [each for each in found if each.root == root]


def standing(
    document: Document, found: Collection[Difference]
) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of the notes and of the experiments among them that are not deleted."""
    notes, experiments = (
        frozenset(each.key for each in of_root(root, found) if stands(document, root, each.key))
        for root in (NOTES, EXPERIMENTS)
    )
    return notes, experiments


def stands(document: Document, root: str, item: str) -> bool:
    fields = value_of(document.root(root), item)
    return isinstance(fields, dict) and not is_deleted(fields)


def value_of(parent: Map[Any], key: str) -> Any:
    """As plain JSON; GONE for none."""
    return plain(child(parent, key)) if key in parent else GONE


def _item(document: Document, found: Difference) -> None:
    root, item, was, became, _ = found
    handle, fields = child(document.root(root), item), value_of(document.root(root), item)
    if not isinstance(handle, Map):
        if fields == became:
            _copy(document, found)
    elif was is GONE:
        if fields == became and not is_deleted(became):
            handle["del"] = True
    elif became is GONE:  # it went softly when it was taken back before
        if is_deleted(fields) and isinstance(was, dict) and not is_deleted(was):
            del handle["del"]
    elif isinstance(was, dict) and isinstance(became, dict):
        _fields(document, handle, fields, found)


def _fields(
    document: Document, handle: Map[Any], now: Mapping[str, Any], found: Difference
) -> None:
    """Each field by itself: one may have been changed again, and the next not."""
    was, became = found.was, found.became
    for name in sorted({**was, **became}):
        old, new = was.get(name, GONE), became.get(name, GONE)
        if old == new or now.get(name, GONE) != new:
            continue
        text = child(handle, name)
        if old is GONE:
            del handle[name]
        elif isinstance(text, Text) and isinstance(old, str):
            rewrite(document, text, old)
        else:
            handle[name] = copied(found, name, old)


def _copy(document: Document, found: Difference) -> None:
    """An item that is not there at all (our clients leave all of them) is written anew."""
    if found.texts is not None:
        document.root(found.root)[found.key] = Map(
            {name: copied(found, name, value) for name, value in found.was.items()}
        )


def _values(document: Document, root: str, found: Sequence[Difference]) -> None:
    """Links and places: one value each, put or gone."""
    target = document.root(root)
    for _, key, was, became, _ in found:
        if value_of(target, key) != became:
            continue
        if was is GONE:
            del target[key]
        else:
            target[key] = was


def _answer(document: Document, found: Difference) -> None:
    """Shared texts are emptied and filled, never put or removed: somebody may be writing there."""
    text = child(document.root(ANSWERS), found.key)
    if isinstance(text, Text) and str(text) == found.became:
        rewrite(document, text, found.was if isinstance(found.was, str) else "")


def differing(before: Document, after: Document, root: str) -> Iterator[Difference]:
    """What of a root differs, sorted."""
    source = before.root(root)
    old, new = entries(source), entries(after.root(root))
    for key in sorted({**old, **new}):
        was, became = old.get(key, GONE), new.get(key, GONE)
        if was != became:
            handle = child(source, key)
            texts = texts_of(handle) if isinstance(handle, Map) else None
            yield Difference(root, key, was, became, texts)


def texts_of(handle: Map[Any]) -> frozenset[str]:
    return frozenset(
        name
        for name in handle.keys()  # noqa: SIM118
        if isinstance(child(handle, name), Text)
    )


def copied(found: Difference, name: str, value: Any) -> Any:
    """A field's value for another document: a shared text becomes one of its own."""
    return Text(value) if found.texts and name in found.texts else value
