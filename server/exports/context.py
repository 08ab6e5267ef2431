"""What an export is made from, and what it becomes: plain values, nothing live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from boards.schema import Board

__all__ = [
    "LEAVABLE",
    "ExportContext",
    "Exported",
    "GroupMark",
    "Neighbour",
    "WorkshopFacts",
    "trimmed",
]

LEAVABLE = ("groups", "links", "results", "votes")  # what a document can be made without


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMark:
    """A group as people know it. `index`: its place in its breakout, which gives the colour."""

    name: str
    letter: str
    index: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A shared board that links may lead to; `definition`: as of ExportContext."""

    id: str
    board: Board
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopFacts:
    """What a workshop is beside its boards, as far as another can be made from it; JSON values.

    `workbook_toml`: of a workbook that was brought along. `breakouts`: {id, board, created, merged,
    groups: [{id, name, pages}]}, oldest first. `previous`: {workshop, title, board}.
    """

    workbook: str = ""
    workbook_version: int = 0
    workbook_toml: str | None = None
    stage: str = ""
    board: str | None = None
    locks: Sequence[str] = ()
    votes: Mapping[str, Any] = field(default_factory=dict)
    guidance: Mapping[str, Any] = field(default_factory=dict)
    breakouts: Sequence[Mapping[str, Any]] = ()
    previous: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportContext:
    """One board at one moment, with what is needed to show it to somebody who was not there.

    `definition`: the board in its workbook, in all languages (workbook JSON). `groups` by group
    id, `people` (who took part) by person id. `group`: whose board it is, None when it is shared.
    `exported_at` must know its time zone: it is the only clock, so equal contexts give equal bytes.
    """

    workshop_id: str
    workshop: str  # its title
    language: str  # fi, sv or en
    definition: Mapping[str, Any]
    board: Board
    exported_at: datetime
    groups: Mapping[str, GroupMark] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    show_authors: bool = False
    group: str | None = None
    breakout: int = 1  # of a group's board: which breakout of the shared board it is from
    hides_votes: bool = False  # nobody is told yet how many dots a note has
    assessment: Sequence[Mapping[str, Any]] = ()  # rounds of a survey, where released
    shared: str | None = None  # the shared board that a group's board is a copy of
    around: Sequence[Neighbour] = ()  # all shared boards, in the workbook's order
    marks: Mapping[str, GroupMark] = field(default_factory=dict)  # groups of all breakouts
    without: frozenset[str] = frozenset()  # what is left out, of LEAVABLE
    facts: WorkshopFacts = WorkshopFacts()  # of a whole workshop, for its data
    width: int | None = None  # of a picture in pixels; None: as sharp as it is read well

    def __post_init__(self) -> None:
        if self.exported_at.tzinfo is None:
            raise ValueError("exported_at: expected a time with its zone")

    @property
    def home(self) -> str:
        """The id by which links call this board."""
        return self.shared or self.board.id


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished document."""

    body: bytes
    media_type: str
    filename: str  # ASCII, safe in a header and on every file system
    title: str  # the same in letters of its own, safe on every file system


def trimmed(context: ExportContext) -> ExportContext:
    """The same without what is to be left out; whatever reads it needs to know nothing of that."""
    without, board = context.without, context.board
    if "votes" in without:
        context = replace(context, hides_votes=True)
    if "results" in without:
        context = replace(context, assessment=())
    if "links" in without:
        board = replace(board, links=())
        context = replace(context, around=())
    if "groups" in without:
        notes = tuple(replace(note, group=None) for note in board.notes)
        board = replace(board, notes=notes)
        context = replace(context, groups={}, marks={})
    return replace(context, board=board)
