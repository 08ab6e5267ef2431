"""What the server puts right of an honest edit that goes too far: by an edit of its own (JD12).

A repair is found while an update is applied, when nothing may be written, and made afterwards. By
then the document may look otherwise than when it was found (another repair came first), so each
looks again, and does nothing where nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pycrdt import Map, Text

from boards.document import Document
from boards.edits import rewrite
from boards.schema import child
from server.sync.clock import Clock

__all__ = [
    "ABSENT",
    "BOUND",
    "Cut",
    "Keep",
    "LostTexts",
    "Mended",
    "Put",
    "Remove",
    "Repair",
    "Restore",
    "Retext",
    "mend",
    "postpone",
]


@dataclass(frozen=True, slots=True)
class Mended:
    """What was put right under one rule: so many things, and of them the texts that are gone."""

    rule: str
    code: str
    count: int
    texts: tuple[str, ...]


HEARS_WITHIN_SECONDS = 30.0
FULL, BOUND = "JD15", "JD17"  # rules under which what somebody made is taken out
ABSENT = None  # of a value: it was not there


class Repair(Protocol):
    """A change that the server makes behind an edit, so that a rule holds.

    `rule`: its number in docs/protocol.md. `code`: what it is called, for the client.
    """

    @property
    def rule(self) -> str: ...

    @property
    def code(self) -> str: ...

    def make(self, document: Document) -> Iterator[str]:
        """Write it; one text per thing that was put right, "" where none is lost."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text ends at its limit, after `most` characters, or where it was: `before` (bytes)."""

    path: tuple[str, ...]  # from the root's name
    most: int
    before: int
    rule = "JD5"
    code = "text-too-long"

    def make(self, document: Document) -> Iterator[str]:
        text = found_at(document, self.path)
        if not isinstance(text, Text):
            return
        whole = str(text)
        kept = max(whole[: self.most], first_bytes(whole, self.before), key=len)
        if len(kept) < len(whole):
            del text[len(kept.encode()) : len(whole.encode())]
            yield whole[len(kept) :]


@dataclass(frozen=True, slots=True)
class Remove:
    """Entries of a root that are too many, or may not be there, are taken out of it again."""

    root: str
    keys: tuple[str, ...]
    code: str
    rule: str = FULL

    def make(self, document: Document) -> Iterator[str]:
        root = document.root(self.root)
        for key in self.keys:
            if key in root:
                text = "\n".join(texts_in(root[key]))
                del root[key]
                yield text


@dataclass(frozen=True, slots=True)
class Put:
    """A plain value of a root is what it was, or what it may be; None: it is not there."""

    root: str
    key: str
    value: Any
    rule: str
    code: str

    def make(self, document: Document) -> Iterator[str]:
        root = document.root(self.root)
        if self.value is not None:
            root[self.key] = self.value
        elif self.key in root:
            del root[self.key]
        else:
            return
        yield ""


PLAIN = (str, int, float, list, dict)


@dataclass(frozen=True, slots=True)
class Keep:
    """What an item of a root cannot be read without is what it was. Nobody lost anything by it."""

    root: str
    item: str
    field: str
    value: Any
    rule = "JD16"
    code = "kept"

    def make(self, document: Document) -> Iterator[str]:
        item = found_at(document, (self.root, self.item))
        is_plain = isinstance(self.value, PLAIN)  # a text cannot come back, and nobody reads it
        if isinstance(item, Map) and self.field not in item and is_plain:
            item[self.field] = self.value
        yield from ()


@dataclass(frozen=True, slots=True)
class Restore:
    """Plain fields of an item, and where it stands, are what they were before."""

    root: str
    item: str
    fields: Mapping[str, Any]
    place: Put | None
    code: str
    rule: str

    def make(self, document: Document) -> Iterator[str]:
        item = found_at(document, (self.root, self.item))
        if not isinstance(item, Map):
            return
        for field, value in self.fields.items():
            if isinstance(value, PLAIN):
                item[field] = value
            elif field in item:
                del item[field]
        if self.place is not None:
            list(self.place.make(document))
        yield ""


@dataclass(frozen=True, slots=True)
class Retext:
    """A text says again what it said; its writer gets what they had made of it."""

    path: tuple[str, ...]
    text: str
    code: str
    rule: str

    def make(self, document: Document) -> Iterator[str]:
        handle = found_at(document, self.path)
        if isinstance(handle, Text) and str(handle) != self.text:
            yield str(handle)
            rewrite(document, handle, self.text)


def mend(document: Document, repairs: Iterable[Repair]) -> list[Mended]:
    """Make repairs; what was put right, by rule and code. To be called in a transaction."""
    found: dict[tuple[str, str], list[str]] = {}
    for repair in sorted(repairs, key=lambda repair: not isinstance(repair, Remove)):
        found.setdefault((repair.rule, repair.code), []).extend(repair.make(document))
    return [
        Mended(rule, code, len(texts), tuple(filter(None, texts)))
        for (rule, code), texts in found.items()
        if texts
    ]


def postpone(repairs: Iterable[Repair], later: list[Repair]) -> list[Repair]:
    """Those to make at once. What was taken out may stand anew in what comes next: `later` gets
    that, as a value of ours could win over its author's, who has not seen it.
    """
    now: list[Repair] = []
    for repair in repairs:
        (later if isinstance(repair, Keep) else now).append(repair)
    return now


class LostTexts:
    """Those who may still be writing into what was taken out (JD15): authors, until they are told.

    Their edits are looked at closely then, and letters that have no place any more are reported.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}  # person: monotonic seconds

    def note(self, person: str, mended: Iterable[Mended]) -> None:
        if any(one.rule in (FULL, BOUND) for one in mended):
            self._until[person] = self._clock.now() + HEARS_WITHIN_SECONDS

    def may_lose(self, person: str) -> bool:
        if not self._until or person not in self._until:
            return False
        if self._clock.now() > self._until[person]:
            del self._until[person]
            return False
        return True

    def reported(self, lost: Sequence[str]) -> list[Mended]:
        """What its author is told of letters that had no place."""
        return [Mended(FULL, "note-gone", 1, tuple(lost))] if lost else []


def found_at(document: Document, path: tuple[str, ...]) -> Any:
    """What stands there, or None."""
    root, *keys = path
    at: Any = document.root(root)
    for key in keys:
        if not isinstance(at, Map):
            return None
        at = child(at, key)
    return at


def texts_in(value: Any) -> Iterator[str]:
    """The texts that people wrote into an entry."""
    if isinstance(value, Map):
        for key in sorted(value.keys()):
            text = child(value, key)
            if isinstance(text, Text) and str(text):
                yield str(text)


def first_bytes(text: str, count: int) -> str:
    """As many characters from the beginning as take at most `count` bytes of UTF-8."""
    return text.encode()[:count].decode(errors="ignore")
