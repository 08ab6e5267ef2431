"""What a board is: CRDT documents, their schema, edits, forks and merges. No I/O, no network."""

from boards.breakout import MergeReport, bring, fork, merge, report, stamp_group
from boards.desk import Desk, read_desk
from boards.document import Document
from boards.edits import new_id
from boards.errors import BoardError, InvalidEdit, InvalidUpdate, PoisonedDocument, UnknownItem
from boards.schema import (
    SCHEMA_VERSION,
    Board,
    Experiment,
    Link,
    Note,
    Theme,
    board_json,
    read_board,
)
from boards.workbook.errors import UnknownWorkbook, WorkbookError
from boards.workbook.installed import BoardDefinition, Workbook, read_workbook

__all__ = [
    "SCHEMA_VERSION",
    "Board",
    "BoardDefinition",
    "BoardError",
    "Desk",
    "Document",
    "Experiment",
    "InvalidEdit",
    "InvalidUpdate",
    "Link",
    "MergeReport",
    "Note",
    "PoisonedDocument",
    "Theme",
    "UnknownItem",
    "UnknownWorkbook",
    "Workbook",
    "WorkbookError",
    "board_json",
    "bring",
    "fork",
    "merge",
    "new_id",
    "read_board",
    "read_desk",
    "report",
    "read_workbook",
    "stamp_group",
]
