"""Which notes of a board are deleted, by whom and when: the log that gives them back (rule DN1).

A note is deleted by a mark that anybody may take away. The document says that it is there, not
since when or by whom; a record per deleted note does, written in the commit that holds the edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from server.store import Record

__all__ = [
    "NOBODY",
    "Removal",
    "Removals",
    "Removed",
    "experiment_in",
    "experiment_key",
    "removal_record",
    "removed_of",
]

KIND = "removal"
EXPERIMENT = "experiment/"  # before the id of one, where others are ids of notes
NOBODY = ""  # as a person: somebody who is no longer in the workshop


class Removal(NamedTuple):
    """What an edit did to a note, or to an experiment as `experiment_key` names it: it is gone, or
    back. `others`: not its author's own doing.
    """

    note: str
    gone: bool
    others: bool


class Removed(NamedTuple):
    """By whom a note was deleted, and when (ms since the epoch)."""

    person: str
    at: int
    others: bool


class Removals:
    """The deleted notes of one board, as they will be stored: at most as many as it has notes."""

    def __init__(self, board: str, stored: Iterable[Mapping[str, Any]] = ()) -> None:
        self._board = board
        self._known = {value["note"]: removed_of(value) for value in stored}
        self._changed: set[str] = set()  # since the last `take`

    @property
    def known(self) -> Mapping[str, Removed]:
        """By note."""
        return self._known

    def note(self, person: str, removals: Iterable[Removal], at: int) -> tuple[Removal, ...]:
        """Take in what a person did; of it, what is news: a note that was deleted stays so."""
        news = tuple(each for each in removals if each.gone != (each.note in self._known))
        for note, gone, others in news:
            self.put(note, Removed(person, at, others) if gone else None)
        return news

    def put(self, note: str, removed: Removed | None) -> None:
        """It was deleted; None: it stands again."""
        self._changed.add(note)
        if removed is not None:
            self._known[note] = removed
        else:
            self._known.pop(note, None)

    def take(self) -> tuple[list[Record], list[tuple[str, str]]]:
        """Records to put and to delete for what changed."""
        changed, self._changed = self._changed, set()
        puts = [
            removal_record(self._board, note, self._known[note])
            for note in changed
            if note in self._known
        ]
        gone = [(KIND, id_of(self._board, note)) for note in changed if note not in self._known]
        return puts, gone


def experiment_key(experiment: str) -> str:
    """Where a note's id stands otherwise."""
    return EXPERIMENT + experiment


def experiment_in(key: str) -> str | None:
    """Its id; None for a note."""
    return key.removeprefix(EXPERIMENT) if key.startswith(EXPERIMENT) else None


def id_of(board: str, note: str) -> str:
    return f"{board}/{note}"


def removal_record(board: str, note: str, removed: Removed) -> Record:
    """That a note of a board is deleted."""
    return Record(KIND, id_of(board, note), board, {"note": note, **removed._asdict()})


def removed_of(value: Mapping[str, Any]) -> Removed:
    """What such a record says."""
    return Removed(value["person"], value["at"], value["others"])
