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
NEIGHBOURS = 4  # how far apart in a sorted list two texts may stand to be compared

Pair = tuple[str, str]


class _Entry(NamedTuple):
    """A note as it is compared."""

    note: Note
    words: str
    numbers: list[str]
    is_added: bool


def likely_duplicates(standing: Iterable[Note], added: Iterable[Note]) -> tuple[Pair, ...]:
    """Pairs (another's note, added note) in one zone whose texts are equal or nearly so.

    `added` notes are compared with `standing` ones and with each other, across groups only.
    Equal: the same words in any order. Nearly: found by sorted neighbourhood, from the front and
    from the back, with a fixed number of comparisons per note; a pair that sorts far apart both
    ways is missed. A thousand notes cost some ten milliseconds.
    """
    entries = [_entry(note, is_added=False) for note in standing]
    entries += [_entry(note, is_added=True) for note in added]
    entries = sorted((entry for entry in entries if entry.words), key=_age)
    pairs = [*_equal(entries), *_near(entries, _forwards), *_near(entries, _backwards)]
    return tuple(sorted({_pair(one, other) for one, other in pairs}))


def normalised(text: str) -> str:
    """Lower-case words and numbers with single spaces: "  Kiire! " and "kiire" are equal."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


def _matcher(words: str) -> SequenceMatcher[str]:
    """A matcher keeps what it worked out about its second text: one per text, used many times."""
    return SequenceMatcher(None, "", words[:COMPARED_LENGTH], autojunk=False)


def _is_near(matcher: SequenceMatcher[str], words: str, other: str) -> bool:
    one, other = words[:COMPARED_LENGTH], other[:COMPARED_LENGTH]
    shorter = min(len(one), len(other))
    if shorter < NEAR_LENGTH or 2 * shorter < NEAR * (len(one) + len(other)):
        return False
    matcher.set_seq1(other)
    return matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR


def _entry(note: Note, *, is_added: bool) -> _Entry:
    words = normalised(note.text)
    return _Entry(note, words, re.findall(r"\d+", words), is_added)


def _equal(entries: list[_Entry]) -> Iterator[tuple[_Entry, _Entry]]:
    """Each added note with the oldest equal note of another side: a star, not all pairs."""
    oldest: dict[tuple[str, ...], list[_Entry]] = {}
    for entry in entries:
        bag = (entry.note.zone, *sorted(entry.words.split()))
        firsts = oldest.setdefault(bag, [])
        other = next((first for first in firsts if _are_two_sides(first, entry)), None)
        if other is not None:
            yield other, entry
        elif all(first.note.group != entry.note.group for first in firsts):
            firsts.append(entry)


def _near(
    entries: list[_Entry], sort_key: Callable[[_Entry], str]
) -> Iterator[tuple[_Entry, _Entry]]:
    in_order = sorted(entries, key=lambda entry: (entry.note.zone, sort_key(entry)))
    for index, entry in enumerate(in_order):
        others = in_order[index + 1 : index + 1 + NEIGHBOURS]
        others = [other for other in others if _are_comparable(entry, other)]
        if others:
            matcher = _matcher(entry.words)
            yield from ((entry, o) for o in others if _is_near(matcher, entry.words, o.words))


def _are_comparable(one: _Entry, other: _Entry) -> bool:
    """Worth a closer look; texts that differ in a number ("viikko 1", "viikko 2") never are."""
    return (
        one.note.zone == other.note.zone
        and one.words != other.words
        and one.numbers == other.numbers
        and _are_two_sides(one, other)
    )


def _are_two_sides(one: _Entry, other: _Entry) -> bool:
    """At least one is new, and they do not come from the same hands."""
    if one.is_added == other.is_added:
        return one.is_added and one.note.group != other.note.group
    return one.note.group is None or one.note.group != other.note.group


def _pair(one: _Entry, other: _Entry) -> Pair:
    first, second = sorted((one, other), key=_age)
    return first.note.id, second.note.id


def _age(entry: _Entry) -> tuple[bool, int, str]:
    return (entry.is_added, entry.note.at, entry.note.id)


def _forwards(entry: _Entry) -> str:
    return entry.words


def _backwards(entry: _Entry) -> str:
    return entry.words[::-1]
