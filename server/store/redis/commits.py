"""A commit as arguments of its script, and the script's answer as an outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.store import (
    Append,
    Commit,
    Misfit,
    NewBoard,
    NotHome,
    Overtaken,
    Record,
    StoreUnavailable,
)
from server.store.packing import pack
from server.store.records import text_of
from server.store.redis.keys import WORKSHOPS, Keys, board_name, escaped, record_name, under_name
from server.store.redis.nodes import Command, call
from server.store.redis.scripts import COMMIT
from server.store.rows import checksum
from server.store.runs import Run
from server.store.stamps import pack_stamps

__all__ = ["Claims", "Outcome", "WORKSHOP_KEYS", "claims_of", "commit_call", "row_fields"]

WORKSHOP_KEYS = ("ends", "lineages", "records", "blobs", "order", "ages", "home")
DROPPED_KEYS = ("log", "check", "base", "history", "pieces")

Argument = bytes | str | int


@dataclass(frozen=True, slots=True)
class Claims:
    """What a commit writes to the index before it, and whose the rest must not be.

    `names`: of what it makes; `drops`: of boards that it may drop only if they are its own.
    """

    names: tuple[str, ...]
    drops: tuple[str, ...]
    unders: tuple[str, ...]
    has_boards: bool

    @property
    def entries(self) -> tuple[str, ...]:
        """All that it writes."""
        return (*self.names, *self.unders, *((WORKSHOPS,) if self.has_boards else ()))


def claims_of(commit: Commit) -> Claims:
    return Claims(
        names=(
            *(board_name(new.board) for new in commit.creates),
            *(record_name(put.kind, put.id) for put in commit.puts),
        ),
        drops=tuple(board_name(board) for board in commit.drops),
        unders=tuple(dict.fromkeys(under_name(put.kind, put.parent) for put in commit.puts)),
        has_boards=bool(commit.creates),
    )


def commit_call(
    keys: Keys, commit: Commit, home: str, writer: tuple[int, int, str], place: int
) -> Command:
    """`home`, `writer`: as Access has them. `place`: how many of this workshop come before it."""
    workshop = commit.workshop
    names = [home, *keys.some(workshop, *WORKSHOP_KEYS)]
    appends = [*map(first_append, commit.creates), *commit.appends]
    names += (keys.of(workshop, "log", append.board) for append in appends)
    for board in commit.drops:
        names += keys.of_board(workshop, board, *DROPPED_KEYS)
    return call(COMMIT, names, *writer, place, *arguments(commit, appends))


def arguments(commit: Commit, appends: Sequence[Append]) -> Iterator[Argument]:
    """In the order in which the script takes them, each list with its length before it."""
    yield len(commit.expects)
    for kind, id, version in commit.expects:
        yield from (f"{kind}/{escaped(id)}", version)
    yield len(commit.creates)
    for new in commit.creates:
        yield from (new.board, new.lineage)
    yield len(appends)
    for append in appends:
        yield from append_arguments(append)
    if commit.is_edits:
        return
    yield len(commit.drops)
    yield from commit.drops
    yield len(commit.puts)
    for put in commit.puts:
        yield from put_arguments(put)
    yield len(commit.deletes)
    for kind, id in commit.deletes:
        yield from (kind, escaped(id))
    yield len(commit.forgets)
    yield from map(escaped, commit.forgets)


def first_append(new: NewBoard) -> Append:
    return Append(new.board, 1, (new.update,), new.at)


def append_arguments(append: Append) -> tuple[Argument, ...]:
    count, first = len(append.updates), append.first_seq
    crc, at, payload, stamps = row_fields(append.board, Run.of(append))
    return append.board, first, count, at, crc, payload, stamps


def row_fields(board: str, run: Run) -> tuple[int, int, bytes, bytes]:
    """Of a row of the log: its checksum, when its last update came, the updates, their stamps."""
    payload, stamps = pack(run.updates), pack_stamps(run.times, run.who)
    crc = checksum(board, run.last, len(run.updates), payload, stamps)
    return crc, run.times[-1][0], payload, stamps


def put_arguments(put: Record) -> tuple[Argument, ...]:
    blob = b"-" if put.blob is None else b"+" + put.blob
    return put.kind, escaped(put.id), escaped(put.parent), text_of(put.value), blob


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why a commit does not fit, if so; `gone`: names that the index has no use for any more."""

    misfit: Misfit | NotHome | None
    gone: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: bytes) -> "Outcome":
        """Raises StoreUnavailable where nothing was decided."""
        text = answer.decode()
        match text[:1]:
            case "k":
                return cls(None, tuple(text.split("\t")[1:]))
            case "m":
                return cls(Misfit(text[1:]))
            case "o":
                return cls(Overtaken(text[1:]))
            case "f":
                return cls(NotHome("another process has taken this workshop"))
            case _:
                raise StoreUnavailable(f"the commit came too late, or out of turn ({text})")
