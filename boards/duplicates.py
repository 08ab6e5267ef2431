"""Notes that probably say the same thing (pure). A hint for people, never a reason to delete."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from boards.schema import Note

NEAR = 0.87  # share of matching characters from which two texts count as nearly the same
NEAR_LENGTH = 8  # characters; shorter texts count only when they are equal
COMPARED_LENGTH = 200  # characters; longer texts are compared by their beginning
NEIGHBOURS = 5  # how far apart in a sorted list two texts may stand to be compared

Pair = tuple[str, str]


class _Entry(NamedTuple):
    note: Note
    words: str
    is_added: bool


def likely_duplicates(standing: Iterable[Note], added: Iterable[Note]) -> tuple[Pair, ...]:
    """Pairs (another's note, added note) in one zone whose texts are equal or nearly so.

    `added` notes are compared with `standing` ones and with each other, across groups only.
    Sorted neighbourhood: n log n sorting and a fixed number of comparisons per note, so that a
    thousand notes cost milliseconds; a pair that sorts far apart three times over is missed.
    """
    entries = [_Entry(note, normalised(note.text), False) for note in standing]
    entries += [_Entry(note, normalised(note.text), True) for note in added]
    entries = sorted((e for e in entries if e.words), key=_age)
    found: dict[Pair, None] = {}
    for entry, other in _equal(entries):
        found.setdefault(_pair(entry, other))
    for sort_key in (_forwards, _backwards, _by_word):
        for entry, other in _neighbours(entries, sort_key):
            if entry.words != other.words and is_near(entry.words, other.words):
                found.setdefault(_pair(entry, other))
    return tuple(sorted(found))


def normalised(text: str) -> str:
    """Lower-case words and numbers with single spaces: "  Kiire! " and "kiire" are equal."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


def is_near(one: str, other: str) -> bool:
    """Whether two normalised texts differ by a slip or an ending; never by a number."""
    one, other = one[:COMPARED_LENGTH], other[:COMPARED_LENGTH]
    if min(len(one), len(other)) < NEAR_LENGTH or _numbers(one) != _numbers(other):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() >= NEAR
        and matcher.quick_ratio() >= NEAR
        and matcher.ratio() >= NEAR
    )


def _equal(entries: list[_Entry]) -> Iterator[tuple[_Entry, _Entry]]:
    """Each added note with the oldest equal note of another side: a star, not all pairs."""
    oldest: dict[tuple[str, str], list[_Entry]] = {}
    for entry in entries:
        firsts = oldest.setdefault((entry.note.zone, entry.words), [])
        other = next((first for first in firsts if _are_two_sides(first, entry)), None)
        if other is not None:
            yield other, entry
        elif not firsts:
            firsts.append(entry)


def _neighbours(
    entries: list[_Entry], sort_key: Callable[[_Entry], str]
) -> Iterator[tuple[_Entry, _Entry]]:
    in_order = sorted(entries, key=lambda entry: (entry.note.zone, sort_key(entry)))
    for index, entry in enumerate(in_order):
        for other in in_order[index + 1 : index + 1 + NEIGHBOURS]:
            if other.note.zone == entry.note.zone and _are_two_sides(entry, other):
                yield entry, other


def _are_two_sides(one: _Entry, other: _Entry) -> bool:
    """An added note, and a note that somebody outside its group wrote."""
    if one.is_added and other.is_added:
        return one.note.group != other.note.group
    is_news = one.is_added or other.is_added
    return is_news and (one.note.group is None or one.note.group != other.note.group)


def _pair(one: _Entry, other: _Entry) -> Pair:
    first, second = sorted((one, other), key=lambda entry: (entry.is_added, _age(entry)))
    return first.note.id, second.note.id


def _age(entry: _Entry) -> tuple[bool, int, str]:
    return (entry.is_added, entry.note.at, entry.note.id)


def _forwards(entry: _Entry) -> str:
    return entry.words


def _backwards(entry: _Entry) -> str:
    return entry.words[::-1]


def _by_word(entry: _Entry) -> str:
    return " ".join(sorted(entry.words.split(), key=lambda word: (-len(word), word)))


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)
