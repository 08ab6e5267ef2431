"""What one person deleted, moved and changed on a board within a time, and bringing it back.

What somebody was the last to touch goes back to what it was before they did; what somebody else has
touched since stays as it is (rule SN9). Who deleted what is logged and handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pycrdt import Map, Text

from boards.changes.values import GONE, Field, Trail
from boards.document import Document
from boards.edits import restore_experiments, restore_notes, rewrite
from boards.layout.taken import Taken
from boards.schema import (
    ANSWERS,
    EXPERIMENTS,
    NOTES,
    THEMES,
    child,
    entries,
    is_deleted,
    layout_root,
    plain,
)

__all__ = ["KINDS", "Back", "Doings", "Item", "Kind", "Touched", "bring_back", "doings", "parted"]

Kind = Literal["deleted", "moved", "changed"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PLACES = ("zone", "theme")  # fields that say where a note stands; a change of the rest is one
OURS = ("at", "author", "group", "carried", "del")  # never somebody's change
READ = ("text", "name", "what", "")  # what of an item is read as its words; "": an answer
QUOTED = 200  # characters

Item = tuple[str, str]  # root, id


@dataclass(frozen=True, slots=True)
class Touched:
    """An item that somebody deleted, moved or changed. `was`: how it read before, if otherwise."""

    kind: str
    id: str
    text: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Doings:
    """What one person did to a board, as far as nobody has touched it since."""

    deleted: tuple[Touched, ...] = ()
    moved: tuple[Touched, ...] = ()
    changed: tuple[Touched, ...] = ()


@dataclass(frozen=True, slots=True)
class Back:
    """What came back: how many of each kind; `logged`: of the deleted, those in the log."""

    deleted: int = 0
    moved: int = 0
    changed: int = 0
    logged: Sequence[Item] = ()


def doings(
    document: Document, board: str, trail: Trail, gone: Collection[Item], texts: int = QUOTED
) -> Doings:
    """As it can be shown. `gone`: deleted notes and experiments, as logged."""
    found = found_in(document, board, trail, gone)
    return Doings(
        tuple(touched(document, item, texts) for item in found.deleted),
        tuple(touched(document, item, texts) for item in found.moved),
        tuple(touched(document, item, texts, fields) for item, fields in found.changed.items()),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """Fields to put back, by kind and item. `logged`: of the deleted, those in the log."""

    deleted: Mapping[Item, Trail]
    moved: Mapping[Item, Trail]
    changed: Mapping[Item, Trail]
    logged: Sequence[Item]


def found_in(document: Document, board: str, trail: Trail, gone: Collection[Item]) -> Found:
    deleted: dict[Item, Trail] = {item: {} for item in gone if is_gone(document, item)}
    moved: dict[Item, Trail] = {}
    changed: dict[Item, Trail] = {}
    for key, pair in trail.items():
        if value_at(document, key) != pair[1]:
            continue  # somebody was quicker
        item = home_of(document, board, key)
        kind = kind_of(key, board)
        if item is None or kind is None:
            continue
        if kind == "deleted":
            deleted.setdefault(item, {})[key] = pair
        elif item in deleted or stands(document, item):
            (moved if kind == "moved" else changed).setdefault(item, {})[key] = pair
    logged = [item for item in gone if item in deleted]
    return Found(deleted, moved, changed, logged)


def kind_of(key: Field, board: str) -> Kind | None:
    if key.root == layout_root(board):
        return "moved"
    if key.root == THEMES and key.name == "del":
        return "deleted"
    if key.root in (NOTES, THEMES, EXPERIMENTS):
        if not key.name or key.name in OURS:
            return None
        return "moved" if key.root != EXPERIMENTS and key.name in PLACES else "changed"
    return "changed" if key.root == ANSWERS else None


def home_of(document: Document, board: str, key: Field) -> Item | None:
    """The item that a value belongs to: a place to a note or a theme."""
    if key.root != layout_root(board):
        return key.root, key.item
    return next(((r, key.item) for r in (NOTES, THEMES) if key.item in document.root(r)), None)


def is_gone(document: Document, item: Item) -> bool:
    fields = plain(child(document.root(item[0]), item[1]))
    return isinstance(fields, dict) and is_deleted(fields)


def stands(document: Document, item: Item) -> bool:
    fields = plain(child(document.root(item[0]), item[1]))
    return item[0] == ANSWERS or (isinstance(fields, dict) and not is_deleted(fields))


def value_at(document: Document, key: Field) -> Any:
    """GONE for none."""
    root = document.root(key.root)
    if key.item not in root:
        return GONE
    handle = child(root, key.item)
    if not key.name:
        return plain(handle)
    return entries(handle).get(key.name, GONE) if isinstance(handle, Map) else GONE


def touched(
    document: Document, item: Item, characters: int, fields: Trail | None = None
) -> Touched:
    root, id = item
    kind = {NOTES: "note", THEMES: "theme", EXPERIMENTS: "experiment"}.get(root, "answer")
    text = words_of(plain(child(document.root(root), id)))
    befores = (before for key, (before, _) in (fields or {}).items() if key.name in READ)
    was = next((str(before) for before in befores if isinstance(before, str)), None)
    return Touched(kind, id, text[:characters], None if was is None else was[:characters])


def words_of(value: object) -> str:
    """A note's text, a theme's name, an answer, or what an experiment begins with."""
    if isinstance(value, str):
        return value
    fields = value if isinstance(value, dict) else {}
    for name in READ:
        if isinstance(fields.get(name), str):
            return str(fields[name])
    return next(iter(sorted(text for text in fields.values() if isinstance(text, str))), "")


def parted(
    trail: Trail, gone: Collection[Item], most: int
) -> Iterator[tuple[Trail, Collection[Item]]]:
    """The same in parts of so many items each, which are brought back one after the other."""
    fields: dict[str, Trail] = {}
    for key, pair in trail.items():
        fields.setdefault(key.item, {})[key] = pair
    items: dict[str, list[Item]] = {id: [] for id in fields}
    for item in gone:
        items.setdefault(item[1], []).append(item)
    ids = list(items)
    for at in range(0, len(ids), most):
        some = ids[at : at + most]
        part = {key: pair for id in some for key, pair in fields.get(id, {}).items()}
        yield part, [item for id in some for item in items[id]]


def bring_back(
    document: Document,
    board: str,
    trail: Trail,
    gone: Collection[Item],
    kinds: Collection[str],
    taken: Taken | None = None,
) -> Back:
    """Put back what is asked for, in one transaction; what was touched meanwhile stays."""
    found = found_in(document, board, trail, gone)
    deleted, moved, changed = (
        mapping if kind in kinds else {}
        for kind, mapping in (
            ("deleted", found.deleted),
            ("moved", found.moved),
            ("changed", found.changed),
        )
    )
    logged = found.logged if deleted else []
    with document.transaction():
        for mapping in (changed, moved, deleted):
            for key, before in befores(mapping):
                put(document, key, before)
        restore_notes(document, board, [id for root, id in logged if root == NOTES], taken)
        restore_experiments(document, [id for root, id in logged if root == EXPERIMENTS])
    return Back(len(deleted), len(moved), len(changed), logged)


def befores(mapping: Mapping[Item, Trail]) -> Iterator[tuple[Field, Any]]:
    for trail in mapping.values():
        for key, (before, _) in trail.items():
            yield key, before


def put(document: Document, key: Field, before: Any) -> None:
    """A shared text is rewritten and never replaced: somebody may be writing there."""
    root = document.root(key.root)
    parent: Map[Any] | object = child(root, key.item) if key.name else root
    name = key.name or key.item
    if not isinstance(parent, Map):
        return
    handle = child(parent, name)
    if isinstance(handle, Text):
        rewrite(document, handle, before if isinstance(before, str) else "")
    elif before is GONE:
        if name in parent:
            del parent[name]
    else:
        parent[name] = before
