"""Which document somebody asks for, read from a call's fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from server.errors import InvalidField
from server.exports import FORMATS, export_unread
from server.exports.context import LEAVABLE, Exported
from server.exports.elsewhere import Elsewhere
from server.exports.errors import FormatUnknown
from server.exports.sources import Unread
from server.exports.whole import STAGE_FORMATS, WHOLE_FORMATS, Whole, export_workshop
from server.i18n import LANGUAGES
from server.workshops.input import fields

__all__ = ["GROUPS", "WIDTHS", "Wanted", "document", "is_apart", "read_wanted", "width"]

Fields = Mapping[str, Any]

FIELDS = ("format", "language", "board", "stage", "experiment", "width", "without", "groups")
WIDTHS = (200, 8000)  # pixels
GROUPS = ("together", "apart")
ID_CHARACTERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A document of one board, of the boards of one stage, or of a whole workbook.

    `experiment` leaves out all others; `width` is of a picture, in pixels; `without`: of LEAVABLE;
    `apart`: groups' own boards follow the shared ones.
    """

    format: str
    language: str
    board: str | None = None
    stage: str | None = None
    experiment: str | None = None
    width: int | None = None
    without: frozenset[str] = frozenset()
    apart: bool = False

    @property
    def known(self) -> Collection[str]:
        """The formats that there are of this."""
        if self.board is not None:
            return FORMATS
        return WHOLE_FORMATS if self.stage is None else STAGE_FORMATS

    def must_exist(self) -> None:
        """Raises FormatUnknown."""
        if self.format not in self.known:
            raise FormatUnknown(self.format)

    def of(self, read: Unread | Whole) -> Unread | Whole:
        """What was read, as it is wanted."""
        if isinstance(read, Whole):
            return replace(read, boards=[self._leave(board) for board in read.boards])
        context = replace(read.context, width=self.width)
        return self._leave(replace(read, context=context, experiment=self.experiment))

    def _leave(self, unread: Unread) -> Unread:
        return replace(unread, context=replace(unread.context, without=self.without))


async def document(wanted: Wanted, read: Unread | Whole, elsewhere: Elsewhere) -> Exported:
    """Raises FormatUnknown, or ExportFailed when it cannot be made now."""
    found = wanted.of(read)
    if isinstance(found, Whole):
        return await export_workshop(wanted.format, found, elsewhere)
    return await export_unread(wanted.format, found, elsewhere)


def read_wanted(body: Fields, language: str) -> Wanted:
    """`language`: where none is told. Raises Malformed, FormatUnknown."""
    fields.known_fields(body, FIELDS)
    board, stage = (optional(body.get(name), name) for name in ("board", "stage"))
    if board is not None and stage is not None:
        raise InvalidField("stage", expected="nothing beside a board", got=stage)
    left = fields.items(body.get("without", []), "without", most=len(LEAVABLE))
    wanted = Wanted(
        format=fields.text(body.get("format"), "format", most=ID_CHARACTERS),
        language=fields.choice(body.get("language", language), "language", LANGUAGES),
        board=board,
        stage=stage,
        experiment=optional(body.get("experiment"), "experiment"),
        width=None if body.get("width") is None else width(body["width"]),
        without=frozenset(fields.choice(part, "without", LEAVABLE) for part in left),
        apart=is_apart(body.get("groups", GROUPS[0])),
    )
    wanted.must_exist()
    return wanted


def is_apart(value: object) -> bool:
    """How groups' work is shown: gathered on shared boards, or also as each group left it."""
    return fields.choice(value, "groups", GROUPS) == "apart"


def width(value: object) -> int:
    """How wide a picture is to be, pixels."""
    least, most = WIDTHS
    return fields.whole(value, "width", least=least, most=most)


def optional(value: object, field: str) -> str | None:
    return None if value is None else fields.text(value, field, most=ID_CHARACTERS)
