"""Taking changes back as ordinary edits: to a snapshot, or of one merge; never by force.

Everybody's screen follows, and what somebody writes offline meanwhile merges with it as with any
other edit. What others have changed since stays as they left it (rules SN1–SN5, docs/protocol.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pycrdt import Map, Text

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
)

__all__ = ["Reverted", "revert"]

ITEMS = (NOTES, THEMES, EXPERIMENTS)  # a Map each, which is marked as deleted and stays
GONE: Any = object()  # where there is no value: null is one


@dataclass(frozen=True, slots=True)
class Reverted:
    """Ids of notes and experiments that a reversal took off the board, and brought back."""

    deleted: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()
    experiments_deleted: frozenset[str] = frozenset()
    experiments_restored: frozenset[str] = frozenset()


def revert(
    document: Document, board: str, before: Document, after: Document | None = None
) -> Reverted:
    """Take back, in one transaction, what led from `before` to `after`: of this board, as it was.

    Without `after`: everything since. What was changed again after it stays, and an item that is
    new in it goes only if nobody has touched it; dots are people's own and stay where they are.
    """
    now = document if after is None else after
    stood = standing(document)
    with document.transaction():
        for root in ITEMS:
            _items(document, root, before, now)
        _values(document, LINKS, before, now)
        _values(document, layout_root(board), before, now)
        _answers(document, before, now)
    stands = standing(document)
    return Reverted(
        deleted=stood[0] - stands[0],
        restored=stands[0] - stood[0],
        experiments_deleted=stood[1] - stands[1],
        experiments_restored=stands[1] - stood[1],
    )


def standing(document: Document) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of the notes and of the experiments that are not deleted."""
    notes, experiments = (
        frozenset(
            item
            for item, fields in entries(document.root(root)).items()
            if isinstance(fields, dict) and not is_deleted(fields)
        )
        for root in (NOTES, EXPERIMENTS)
    )
    return notes, experiments


def _items(document: Document, root: str, before: Document, after: Document) -> None:
    now = entries(document.root(root))
    for item, was, became in differing(before, after, root):
        handle, fields = child(document.root(root), item), now.get(item, GONE)
        if not isinstance(handle, Map):
            if fields == became:
                _copy(document, root, item, before)
        elif was is GONE:
            if fields == became and not is_deleted(became):
                handle["del"] = True
        elif became is GONE:  # it went softly when it was taken back before
            if is_deleted(fields) and isinstance(was, dict) and not is_deleted(was):
                del handle["del"]
        elif isinstance(was, dict) and isinstance(became, dict):
            _fields(document, handle, child(before.root(root), item), was, became)


def _fields(
    document: Document,
    handle: Map[Any],
    source: object,
    was: Mapping[str, Any],
    became: Mapping[str, Any],
) -> None:
    """Each field by itself: one may have been changed again, and the next not."""
    now = entries(handle)
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
            handle[name] = copied(source, name, old)


def _copy(document: Document, root: str, item: str, source: Document) -> None:
    """An item that is not there at all (our clients leave all of them) is written anew."""
    handle = child(source.root(root), item)
    if isinstance(handle, Map):
        fields = entries(handle)
        document.root(root)[item] = Map(
            {name: copied(handle, name, value) for name, value in fields.items()}
        )


def _values(document: Document, root: str, before: Document, after: Document) -> None:
    """Links and places: one value each, put or gone."""
    target = document.root(root)
    now = entries(target)
    for key, was, became in differing(before, after, root):
        if now.get(key, GONE) != became:
            continue
        if was is GONE:
            del target[key]
        else:
            target[key] = was


def _answers(document: Document, before: Document, after: Document) -> None:
    """Shared texts are emptied and filled, never put or removed: somebody may be writing there."""
    root = document.root(ANSWERS)
    for key, was, became in differing(before, after, ANSWERS):
        text = child(root, key)
        untouched = isinstance(text, Text) and str(text) == became
        if isinstance(text, Text) and untouched:
            rewrite(document, text, was if isinstance(was, str) else "")


def differing(before: Document, after: Document, root: str) -> Iterator[tuple[str, Any, Any]]:
    """(key, value before, value after) of what differs, GONE where there is none; sorted."""
    old, new = entries(before.root(root)), entries(after.root(root))
    for key in sorted({**old, **new}):
        was, became = old.get(key, GONE), new.get(key, GONE)
        if was != became:
            yield key, was, became


def copied(source: object, name: str, value: Any) -> Any:
    """A field's value for another document: a shared text becomes one of its own."""
    is_text = isinstance(source, Map) and isinstance(child(source, name), Text)
    return Text(value) if is_text else value
