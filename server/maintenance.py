"""Looking after a store from the command line; `back_up` also while a server uses it."""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boards.desk import Desk, DeskBoard, read_desk
from boards.document import Document
from boards.errors import BoardError
from boards.schema import SCHEMA_VERSION, read_board
from server.access.key import FILE as KEY
from server.access.key import write_key
from server.app import opened
from server.config import Config
from server.errors import ServiceError
from server.exports import export_unread, has_format
from server.exports.whole import export_workshop as export_workshop_document
from server.store import Store
from server.store.opened import copy_store, open_store
from server.sync.commit.compactor import replay

__all__ = ["Checked", "Finding", "back_up", "check_store", "export_whole", "export_workshop"]

IN_ADDRESS = re.compile(r"/w/(\w+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. `kind`: damaged, lineage, missing, orphan, newer."""

    kind: str
    item: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was looked at, and how many findings there were."""

    boards: int
    findings: int


async def check_store(config: Config, tell: Callable[[Finding], None]) -> Checked:
    """Open every board of the store, read all of it, and compare with records and desks.

    Raises StoreLocked while a server runs, and StoreUnavailable.
    """
    async with open_store(config) as store:
        boards = await store.boards()
        findings = await check_file(store)
        findings += [finding for board in boards for finding in await check_board(store, board)]
        findings += await check_desks(store, boards)
    for finding in findings:
        tell(finding)
    return Checked(len(boards), len(findings))


async def check_file(store: Store) -> list[Finding]:
    """Whether the files are whole: a damaged index can hide what is there."""
    return [Finding("damaged", file, text) for file, text in await store.verify()]


async def check_board(store: Store, board: str) -> list[Finding]:
    """Whether a board replays, reads, and has the lineage that its record says."""
    try:
        stored, history = await store.look(board), await store.history(board)
        if stored is None or history is None:
            return [Finding("missing", board)]
        if history.moments[-1:] and history.moments[-1].seq != stored.seq:
            return [Finding("damaged", board, "its history ends elsewhere than its log")]
        document = replay(stored)
        desk = await read_stored(store, board, document)
    except (ServiceError, BoardError) as error:
        return [Finding("damaged", board, str(error))]
    if desk is not None and desk.schema > SCHEMA_VERSION:
        return [Finding("newer", board, f"schema {desk.schema}, known {SCHEMA_VERSION}")]
    record = await store.get("board", board)
    if desk is None and record is None:
        return [Finding("orphan", board)]
    if record is not None and record["lineage"] != stored.lineage:
        return [Finding("lineage", board, f"{record['lineage']} / {stored.lineage}")]
    return []


async def read_stored(store: Store, board: str, document: Document) -> Desk | None:
    """Read everything that can be read; the desk, if the board is one."""
    if await store.get("workshop", board) is not None:
        return read_desk(document)
    record = await store.get("board", board) or {"kind": "", "key": ""}
    read_board(document, board, record["kind"], record["key"])
    return None


async def check_desks(store: Store, boards: list[str]) -> list[Finding]:
    """Whether every workshop has its desk, and every board that its desk lists."""
    known = frozenset(boards)
    findings = []
    for workshop, _ in await store.find("workshop", ""):
        if workshop not in known:
            findings.append(Finding("missing", workshop))
            continue
        listed = await listed_boards(store, workshop)
        findings += [Finding("missing", board.id) for board in listed if board.id not in known]
    return findings


async def listed_boards(store: Store, workshop: str) -> tuple[DeskBoard, ...]:
    """The boards that a desk lists; none if it does not open, which was found already."""
    try:
        stored = await store.look(workshop)
        return read_desk(replay(stored)).boards if stored else ()
    except (ServiceError, BoardError):
        return ()


def back_up(config: Config, to: Path) -> None:
    """Copy the data folder into the folder `to`, which is then a data folder itself.

    The key comes first: without it a copy opens nothing. One that is a setting is not written down.
    Raises StoreUnavailable, OSError.
    """
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    if config.key is None:
        write_key(to / KEY, (config.data / KEY).read_bytes())
    copy_store(config, to)


async def export_workshop(
    config: Config,
    workshop: str,
    format: str,
    *,
    language: str | None,
    key: str | None,
    folder: Path,
) -> list[Path]:
    """Write the shared boards of a workshop (or the one with this key) into `folder`.

    `workshop`: its id, its address or its join code. Raises WorkshopGone.
    `language`: of the documents, the workshop's own by default. Returns the files written.
    """
    async with opened(config, reads=config.redis_url is not None) as service:
        workshop = await found_workshop(workshop, service.doors.find_code)
        desk = await service.workshops.desk(workshop)
        wanted = [
            board
            for board in desk.boards
            if board.group is None and key in (None, board.key) and has_format(board.kind, format)
        ]
        files = []
        for board in wanted:
            unread = await service.reading.whole_unread(
                workshop, desk, board, language or desk.language
            )
            exported = await export_unread(format, unread, service.reading.elsewhere)
            files.append(write(folder / exported.filename, exported.body))
        return files


async def export_whole(
    config: Config, workshop: str, format: str, *, language: str | None, folder: Path
) -> list[Path]:
    """Write the whole workbook of a workshop into one file in `folder`; the rest as above."""
    async with opened(config, reads=config.redis_url is not None) as service:
        workshop = await found_workshop(workshop, service.doors.find_code)
        desk = await service.workshops.desk(workshop)
        reading = service.reading
        whole = await reading.whole_workbook(workshop, desk, language or desk.language)
        exported = await export_workshop_document(format, whole, reading.elsewhere)
        return [write(folder / exported.filename, exported.body)]


async def found_workshop(
    named: str, find_code: Callable[[str], Coroutine[Any, Any, str | None]]
) -> str:
    """The id of a workshop that is named by its id, its address or its join code."""
    found = IN_ADDRESS.search(named)
    return found[1] if found else await find_code(named) or named


def write(path: Path, body: bytes) -> Path:
    """Write a finished document; nobody else waits for this loop."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path
