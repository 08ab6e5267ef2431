"""The order in which the items of one text stand, also of those that are deleted.

The engine is asked: of a document with nothing but this text in it, every item in its place and
none deleted. It is as long as the text and its past, so it is made only when somebody asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from boards.document import Document
from server.sync.inspection.report import DELETED, STRING
from server.sync.wire.lib0 import write_var_uint

__all__ = ["Order", "Piece"]

Id = tuple[int, int]
EDGE = (-1, -1)
ROOT = b"\x01\x01t"  # the text of the document, as a parent
NAME = "t"
MOST_LETTERS = 4 << 20  # of one text; what is longer is not told apart, and so in no order


class Piece(NamedTuple):
    """A run of letters of one client; `end`: None of its last, which may go on."""

    client: int
    start: int
    end: int | None
    left: Id
    right: Id


class Order:
    """The order of the letters of one text, deleted ones included.

    `ends`: by client, the clock behind what it holds.
    """

    def __init__(self) -> None:
        self.ends: dict[int, int] = {}
        self._document = Document()
        self._letters = 0

    def take_in(self, pieces: Sequence[Piece], points: Sequence[Id]) -> None:
        """Pieces that it lacks, each client's in their order, and as far as these items need."""
        needed: dict[int, int] = defaultdict(int)
        for client, clock in points:
            needed[client] = max(needed[client], clock + 1)
        for piece in pieces:
            for client, clock in (piece.left, piece.right):
                needed[client] = max(needed[client], clock + 1)
        sections: dict[int, list[bytes]] = {}
        begins = dict(self.ends)
        for piece in pieces:
            end = piece.end or max(piece.start + 1, needed[piece.client])
            sections.setdefault(piece.client, []).extend(self._structs(piece, end))
        parts = [
            write_var_uint(len(structs))
            + write_var_uint(client)
            + write_var_uint(begins.get(client, 0))
            + b"".join(structs)
            for client, structs in sections.items()
            if structs
        ]
        if parts:
            self._document.apply_update(write_var_uint(len(parts)) + b"".join(parts) + b"\0")

    def _structs(self, piece: Piece, end: int) -> Iterator[bytes]:
        """The rest of a piece, and what it takes to get there."""
        known = self.ends.get(piece.client, 0)
        begin = max(known, piece.start)
        if end <= begin:
            return
        if begin > known:
            yield b"\0" + write_var_uint(begin - known)
        left = piece.left if begin == piece.start else (piece.client, begin - 1)
        yield self._item(left, piece.right, end - begin)
        self.ends[piece.client] = end

    def _item(self, left: Id, right: Id, length: int) -> bytes:
        self._letters += length
        told_apart = self._letters <= MOST_LETTERS
        kind = STRING if told_apart else DELETED
        sides = [write_var_uint(c) + write_var_uint(k) for c, k in (left, right) if (c, k) != EDGE]
        info = kind | (left != EDGE) << 7 | (right != EDGE) << 6
        content = write_var_uint(length) + b"x" * (length if told_apart else 0)
        return b"".join([bytes((info,)), *(sides or [ROOT]), content])

    def is_beyond(self, clocks: Mapping[int, int]) -> bool:
        """Whether it holds what came after these clocks."""
        return any(self.ends.get(client, 0) > clock for client, clock in clocks.items())

    def is_order(self, points: Sequence[Id]) -> bool:
        """Whether these items stand one behind the other."""
        places = [self._document.place_in(NAME, each) for each in points]
        return all(one < other for one, other in zip(places, places[1:], strict=False))
