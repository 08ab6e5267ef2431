"""Between which two items each piece of a text was put, and which of two stands first.

Yjs puts letters where they were typed as long as both neighbours stood side by side for whoever
typed. An update can name others: two that never stood so, or the right one first. Then the place
depends on what came when, and a checkpoint reads otherwise than the board it was made from (rule
IN19). What tells that are the neighbours of the neighbours; only where several wrote at one place
at the same time do they not, and then the engine is asked, of a text that forgets no letter
(`order`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from server.sync.inspection.order import Order, Piece
from server.sync.inspection.report import StructureRefused

__all__ = ["Sides"]

Id = tuple[int, int]
EDGE = (-1, -1)  # the beginning of a text, or its end
OUTSIDE = 0  # the text of what is in none
UNREAD = 2_000  # pieces of one text that may wait until somebody asks for their order


class Sides:
    """Between which neighbours each piece of text on one board was put.

    A piece is a run of letters of one client, each behind the one before it.
    """

    def __init__(self) -> None:
        self._starts: dict[int, array[int]] = {}  # by client: where pieces begin
        self._texts: dict[int, array[int]] = {}  # the text of each
        self._beside: dict[int, array[int]] = {}  # left client and clock, right client and clock
        self._orders: dict[int, Order] = {}  # by text
        self._unread: dict[int, int] = {}  # by text: pieces that its order lacks, if some
        self._made: list[int] = []  # clients of the pieces since `begin`
        self._asked: set[int] = set()  # texts whose order may hold such pieces

    def begin(self) -> None:
        """What is taken from now on can be taken back."""
        if self._made or self._asked:
            self._made, self._asked = [], set()

    @property
    def mark(self) -> int:
        """For `take_back`."""
        return len(self._made)

    def take_back(self, clocks: Mapping[int, int], mark: int = 0) -> None:
        """Forget what was taken since `begin`, or since there was this mark.

        `clocks`: those of the board then, of who has written since at least.
        """
        for client in self._made[mark:]:
            self._starts[client].pop()
            self._texts[client].pop()
            del self._beside[client][-4:]
            if not self._starts[client]:
                del self._starts[client], self._texts[client], self._beside[client]
        del self._made[mark:]
        for text in self._asked:
            order = self._orders.get(text)
            if order is not None and order.is_beyond(clocks):
                del self._orders[text]

    def forget(self, text: int) -> None:
        """A text of which nothing is left: another may get its code."""
        self._orders.pop(text, None)
        self._unread.pop(text, None)
        self._asked.discard(text)

    def is_at_end(self, client: int) -> bool:
        """Whether the last item of this client was put at the end of a text."""
        beside = self._beside.get(client)
        return bool(beside) and beside[-2] == EDGE[0]  # type: ignore[index]

    def take(
        self, text: int, client: int, clock: int, left: Id | None, right: Id | None, *, check: bool
    ) -> None:
        """An item of a text, between these. Raises StructureRefused, and then it is not taken."""
        left, right = left or EDGE, right or EDGE
        beside = self._beside.get(client)
        if (
            beside
            and left[1] + 1 == clock
            and left[0] == client
            and beside[-1] == right[1]
            and beside[-2] == right[0]
            and self._texts[client][-1] == text
        ):
            return  # it goes on
        if check and not self._were_next(text, left, right):
            raise StructureRefused("neighbours", f"{client}: {clock} never stood between them")
        self._add(text, client, clock, left, right)
        self._unread[text] = self._unread.get(text, 0) + 1
        if self._unread[text] > UNREAD:
            self._order_of(text, ())

    def leave(self, client: int, clock: int) -> None:
        """What this client writes from here on is in no text."""
        if client in self._starts:
            self._add(OUTSIDE, client, clock, EDGE, (0, 0))

    def _add(self, text: int, client: int, clock: int, left: Id, right: Id) -> None:
        starts = self._starts.get(client)
        if starts is None:
            starts = self._starts[client] = array("Q")
            self._texts[client], self._beside[client] = array("L"), array("q")
        elif starts and starts[-1] >= clock:
            return  # it is known
        starts.append(clock)
        self._texts[client].append(text)
        self._beside[client].extend((*left, *right))
        self._made.append(client)

    def _were_next(self, text: int, left: Id, right: Id) -> bool:
        """Whether both can have stood side by side. What is not known is not doubted."""
        if left == right:
            return left == EDGE
        before, behind = self._sides_of(right), self._sides_of(left)
        if before is None or behind is None:
            return True
        if behind[1] == right or before[0] == left:
            return True
        if EDGE in (left, right):
            return False
        points = [each for each in (before[0], left, right, behind[1]) if each != EDGE]
        return self._order_of(text, points).is_order(points)

    def _sides_of(self, item: Id) -> tuple[Id, Id] | None:
        """What it was put between; None where that is not known."""
        if item == EDGE:
            return EDGE, EDGE
        client, clock = item
        starts = self._starts.get(client)
        piece = bisect_right(starts, clock) - 1 if starts else -1
        if starts is None or piece < 0 or self._texts[client][piece] == OUTSIDE:
            return None
        beside = self._beside[client][4 * piece : 4 * piece + 4]
        left = (beside[0], beside[1]) if starts[piece] == clock else (client, clock - 1)
        return left, (beside[2], beside[3])

    def _order_of(self, text: int, points: Sequence[Id]) -> Order:
        """The order of a text, these items in it."""
        order = self._orders.setdefault(text, Order())
        self._asked.add(text)
        self._unread[text] = 0
        order.take_in(list(self._pieces(text, order.ends)), points)
        return order

    def _pieces(self, text: int, ends: Mapping[int, int]) -> Iterator[Piece]:
        """Those of a text that its order does not hold to their end."""
        for client, texts in self._texts.items():
            if text not in texts:
                continue
            starts, beside = self._starts[client], self._beside[client]
            first = max(0, bisect_right(starts, ends.get(client, 0) - 1) - 1)
            for number in range(first, len(starts)):
                if texts[number] == text:
                    end = starts[number + 1] if number + 1 < len(starts) else None
                    a, b, c, d = beside[4 * number : 4 * number + 4]
                    yield Piece(client, starts[number], end, (a, b), (c, d))
