"""How edits get in that cannot at once: large ones in portions, others when a gap closes (RM19).

What takes long is a generator that yields wherever others may have their turn; the room goes on
with it (`Intake`). Meanwhile the board may change, and be loaded again: it is asked for anew
after each turn.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from boards.document import Document
from server.store import StoreUnavailable
from server.sync.board.edit import Edit
from server.sync.board.live_board import LiveBoard
from server.sync.clock import Clock
from server.sync.errors import GapUnfilled
from server.sync.inspection import inspector
from server.sync.inspection.portions import is_one, portions
from server.sync.inspection.slices import Slices, at_once
from server.sync.judging.repairs import Repair, mend
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection, Parked
from server.sync.room.standing import READ_ONLY, hold

__all__ = ["LARGE", "Taking"]

T = TypeVar("T")

LARGE = 8 << 10  # bytes of a frame, or of all that waits for its predecessors, that may take long


class Keeper(Protocol):
    """Who takes them in the end: a room. All raise what closes the connection."""

    clock: Clock

    def loaded_board(self) -> LiveBoard:
        """The board as it is now."""

    def accept(
        self, connection: Connection, number: int, edit: Edit, later: list[Repair] | None = None
    ) -> int | None:
        """Take an edit without a gap, of message `number`; how many updates that were, 0 if all of
        it was known. None if it is held, which was told then.

        `later`: None if it is the last of its message, which is acked when this is durable. Else
        it gets what the rest of the message may put right.
        """

    def edit(self, change: Callable[[Document], T]) -> T:
        """Change the board in the server's name."""

    @property
    def loaded(self) -> bool:
        """Whether there is a board to change."""

    def take_edit(self, connection: Connection, edit: Edit, *, is_step2: bool) -> None:
        """A message that is one edit."""

    def hold_as_full(self, connection: Connection, number: int, edit: Edit) -> None:
        """It does not fit."""

    @property
    def can_store(self) -> bool:
        """Whether the store takes anything."""


class Waiting(Protocol):
    """Where what takes long waits for its turns: a room's intake."""

    def do_later(self, connection: Connection, slices: Slices[None]) -> None:
        """Before whatever else this connection has sent. What it raises closes the connection."""


class Taking:
    """The edits of one board that are large, or wait for a gap to close."""

    def __init__(self, room: Keeper, waiting: Waiting, limits: SyncLimits) -> None:
        self._room = room
        self._waiting = waiting
        self._limits = limits

    # -- large ones ---------------------------------------------------------------------------

    def take(self, connection: Connection, update: bytes, *, is_step2: bool) -> Slices[None]:
        """What a large message brings; it is counted when nothing of it is left to do."""
        edit = yield from self._inspected(update, is_step2=is_step2)
        connection.count_structs(edit.inspection.structs)
        board = self._room.loaded_board()
        if not connection.may_edit:
            yield from self.compare(connection, edit, is_step2=is_step2)
        elif is_one(edit.inspection) or board.lacks(edit):
            connection.received += 1
            self._room.take_edit(connection, self._again(edit), is_step2=is_step2)
        else:
            number = connection.received + 1
            yield from self._take_in_portions(connection, edit, number, lambda: count(connection))
        if is_step2 or connection.parked:
            self.retry_parked(connection)

    def _inspected(self, update: bytes, *, is_step2: bool) -> Slices[Edit]:
        """Against the board as it was: what came meanwhile may have characters that it cuts. So
        what is taken is inspected again, by itself and with nobody's turn in between."""
        limits = None if is_step2 else inspector.UPDATE_LIMITS
        return self._room.loaded_board().inspect_in_slices(update, limits)

    def _again(self, edit: Edit) -> Edit:
        is_small = is_one(edit.inspection)
        return self._room.loaded_board().inspect_step2(edit.update) if is_small else edit

    def _take_in_portions(
        self, connection: Connection, edit: Edit, number: int, finish: Callable[[], None]
    ) -> Slices[None]:
        """`finish` is called before the last of them gets in, or when the rest is held."""
        before: bytes | None = None
        brought = 0
        later: list[Repair] = []
        try:
            for portion in portions(edit.update):
                yield
                if portion is not None:
                    if before is not None:
                        taken = self._accept(connection, number, before, finish, later)
                        if taken is None:
                            return
                        brought += taken
                        yield
                    before = portion
            if before is not None:
                taken = self._accept(connection, number, before, finish, None)
                if taken == 0 and not brought:
                    self._room.loaded_board().remember(edit.update)
        finally:  # also if the rest never comes
            if later and self._room.loaded:
                self._room.edit(partial(mend, repairs=later))

    def _accept(
        self,
        connection: Connection,
        number: int,
        portion: bytes,
        finish: Callable[[], None],
        later: list[Repair] | None,
    ) -> int | None:
        """None if it was held, and with it all that follows it."""
        taken, is_last = None, later is None
        if not self._room.can_store:
            raise StoreUnavailable("nothing can be stored right now")
        if connection.may_edit:
            edit = self._room.loaded_board().inspect_step2(portion)
            if is_last:
                finish()
            taken = self._room.accept(connection, number, edit, later)
        elif number > connection.acked:  # a right ended meanwhile, and it was not told yet
            hold(connection, number, READ_ONLY)
        if taken is None:
            if not (is_last and connection.may_edit):
                finish()
            connection.send_ack()
        return taken

    def take_of_reader(self, connection: Connection, edit: Edit, *, is_step2: bool) -> None:
        """One message, which was counted already, of somebody who may only read."""
        connection.received -= 1  # until it has been compared
        comparing = self.compare(connection, edit, is_step2=is_step2)
        if edit.inspection.deleted and self._room.loaded_board().state.size > LARGE:
            self._waiting.do_later(connection, comparing)
        else:
            at_once(comparing)

    def compare(self, connection: Connection, edit: Edit, *, is_step2: bool) -> Slices[None]:
        """A reader's answer to our question repeats what we have; anything more is an edit."""
        known = yield from self._room.loaded_board().knows(edit)
        connection.received += 1
        if not (known and (is_step2 or connection.wants_acks)):
            hold(connection, connection.received, READ_ONLY)
        connection.send_ack()

    # -- gaps ---------------------------------------------------------------------------------

    def park(self, connection: Connection, edit: Edit) -> None:
        """An honest client sends live edits before the SyncStep2 that holds their predecessors."""
        if connection.full:  # they were not taken
            return self._room.hold_as_full(connection, connection.received, edit)
        connection.park(Parked(connection.received, edit.update, self._room.clock.now()))
        if len(connection.parked) == 1:
            self._room.clock.call_later(self._limits.parked_seconds, self._give_up, connection)
        if connection.ask_again():
            connection.post(self._room.loaded_board().state.sync_step1())
        return None

    def retry_parked(self, connection: Connection) -> None:
        """What waited for its predecessors may have them now. Raises what one of them is refused
        for."""
        if connection.parked_bytes > LARGE:
            self._waiting.do_later(connection, self._retry(connection))
        else:
            at_once(self._retry(connection))

    def _retry(self, connection: Connection) -> Slices[None]:
        last = -1
        while connection.parked and connection.parked[-1].number > last:
            last = connection.parked[-1].number
            for parked in list(connection.parked):
                yield
                if parked in connection.parked:  # else it is not taken any more
                    yield from self._retry_one(connection, parked)

    def _retry_one(self, connection: Connection, parked: Parked) -> Slices[None]:
        def let_go() -> None:
            connection.let_go(parked)
            connection.overtaken |= connection.uncommitted > 0

        edit = yield from self._inspected(parked.update, is_step2=False)
        if self._room.loaded_board().lacks(edit):
            return
        if not is_one(edit.inspection):
            yield from self._take_in_portions(connection, edit, parked.number, let_go)
        elif parked in connection.parked:
            let_go()
            self._room.accept(connection, parked.number, self._again(edit))

    def _give_up(self, connection: Connection) -> None:
        if not connection.closed and connection.parked:
            self._waiting.do_later(connection, self._retry_last(connection))

    def _retry_last(self, connection: Connection) -> Slices[None]:
        yield from self._retry(connection)
        if connection.parked:
            raise GapUnfilled("what came before this edit never arrived")


def count(connection: Connection) -> None:
    connection.received += 1
