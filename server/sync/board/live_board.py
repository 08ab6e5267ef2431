"""A board that has loaded: what it holds, who owns its client ids, and how an edit gets in.

Nothing here knows connections, acks or commits; `Room` does. What raises `PoisonedByEdit` has left
the document with something that must not be in it: whoever holds the board loads it again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from boards.document import Document
from boards.errors import BoardError
from server.errors import ServiceError
from server.metrics import Timings
from server.store import Record, StoreCorrupted
from server.sync.access import Access
from server.sync.board.admission import Admission
from server.sync.board.board_state import BoardState
from server.sync.board.building import Building
from server.sync.board.client_owners import SERVER, ClientOwners
from server.sync.board.edit import Edit, is_mark, without_known
from server.sync.board.notices import Notice, notices_of
from server.sync.clock import Clock
from server.sync.errors import BoardFull, RefusedUpdate
from server.sync.inspection import gaps, inspector
from server.sync.inspection.clocks import covers, deletions_in_slices, lost_texts
from server.sync.inspection.places import Places
from server.sync.inspection.report import Inspection, Limits, step2_limits
from server.sync.inspection.slices import Slices
from server.sync.judging.judge import Judge
from server.sync.judging.removals import Removal
from server.sync.judging.repairs import LostTexts, Repair, mend, postpone
from server.sync.limits import SyncLimits
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["NOTHING", "Damaged", "LiveBoard", "PoisonedByEdit"]

log = logging.getLogger(__name__)

T = TypeVar("T")

STEP2S_KEPT = 16  # by state vector, for those who come back all at once
STEP2_KEPT_BYTES = 64 << 10  # of each; what they lack who were away for a moment is less
REPEATED_KEPT = 256
TIMED_OF = 64  # inspections, of which one is timed
EMPTY = b"\0"  # the state vector of somebody who has nothing
SPARE_SHIFT = 4  # a sixteenth of a board's bytes is kept for marks
NOTHING = b"\0\0"  # an update without structs and deletions


class PoisonedByEdit(Exception):
    """The document holds an edit that must not be in it. `error`: what its author is told."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__(str(error))
        self.error = error


class Damaged(Exception):
    """The board is only read: it could not be loaded whole."""


class Taken(NamedTuple):
    """What got in of edits: their author's updates, and the server's own that put those right.

    `claims`: of client ids. `notices`: what the author is told of that. `removals`: notes that are
    deleted now, or no longer.
    """

    updates: list[bytes]
    own: list[bytes]
    claims: list[Record]
    notices: list[Notice]
    removals: list[Removal]


NONE_TAKEN = Taken([], [], [], [], [])


class LiveBoard:
    """A loaded board as edits meet it: they are inspected, applied, judged and put right here.

    `roots`: names of the root maps that people may write to, as the inspector wants them.
    `on_built` is called when there is a document in memory (`BoardState.release_document`).
    """

    def __init__(
        self,
        state: BoardState,
        owners: ClientOwners,
        roots: frozenset[bytes],
        limits: SyncLimits,
        places: Places,
        timings: Timings,
        clock: Clock,
        on_built: Callable[[], None],
    ) -> None:
        self.state = state
        self._on_built = on_built
        self._owners = owners
        self._roots = roots
        self._limits = limits
        self._admission = Admission(places, state)
        self._timings = timings
        self._clock = clock
        self._inspected = 0
        self._judge: Judge | None = None
        self._building: Building | None = None
        self._gave_up = False  # its document can be built in one go only
        self._lost = LostTexts(clock)
        self._repeated: set[int] = set()  # hashes of SyncStep2s that brought nothing new
        self._step2s: dict[bytes, Outgoing] = {}  # by state vector; valid until the next edit

    @property
    def is_damaged(self) -> bool:
        """Whether only the beginning of its log could be applied; then it is only read."""
        self._built()
        return self.state.is_damaged

    def document(self) -> tuple[Document, Judge]:
        """The document, built when somebody needs it, and who judges what happens to it."""
        document = self._built()
        if self._judge is None:
            self._judge = Judge(document, self._limits)
        return document, self._judge

    def _built(self) -> Document:
        self._on_built()
        return self.state.document

    def is_ready(self, then: Callable[[], None]) -> bool:
        """Whether its document is there, or made in next to no time; `then` is called if not, when
        it is, or nobody needs it any more."""
        if self._building is None:
            if self._gave_up or not Building.is_needed(self.state):
                return True
            self._building = Building(self.state, self._on_building_end)
        self._building.tell(then)
        return False

    def _on_building_end(self) -> None:
        self._building = None
        self._gave_up = not self.state.built
        self._on_built()

    def close(self) -> None:
        """Nobody uses it any more."""
        self.let_judge_go()
        if self._building is not None:
            self._building.stop()

    def let_judge_go(self) -> None:
        """Release what pins the document."""
        if self._judge is not None:
            self._judge.close()
            self._judge = None

    # -- looking ------------------------------------------------------------------------------

    def inspect(self, update: bytes, limits: Limits) -> Edit:
        """Raises StructureRefused or TooLarge."""
        self._inspected += 1
        if self._inspected % TIMED_OF:
            return self._inspect(update, limits)
        with self._timings.inspection.time():
            return self._inspect(update, limits)

    def _inspect(self, update: bytes, limits: Limits) -> Edit:
        surrogates = self.state.surrogates
        return Edit(update, inspector.inspect(update, limits, self._roots, surrogates))

    def inspect_step2(self, update: bytes) -> Edit:
        """The same of a SyncStep2: at least what the board holds is taken."""
        return self.inspect(update, self._step2_limits())

    def inspect_in_slices(self, update: bytes, limits: Limits | None) -> Slices[Edit]:
        """The same of one that takes long; None: of a SyncStep2."""
        limits = limits or self._step2_limits()
        reading = inspector.in_slices(update, limits, self._roots, self.state.surrogates)
        return Edit(update, (yield from reading))

    def _step2_limits(self) -> Limits:
        return step2_limits(len(self.state.clocks), self.state.size)

    def lacks(self, edit: Edit) -> bool:
        """Whether something is missing that the edit builds on."""
        return gaps.gap(edit.inspection, self.state.clocks) is not None

    def knows(self, edit: Edit) -> Slices[bool]:
        """Whether it repeats what is there."""
        if self.was_repeated(edit.update):
            return True
        if not gaps.is_known(edit.inspection, self.state.clocks):
            return False
        if edit.inspection.deleted:  # of which a state vector says nothing
            own = yield from deletions_in_slices(self._built().get_update(self.state.state_vector))
            if not (yield from covers(own, (yield from deletions_in_slices(edit.update)))):
                return False
            self.remember(edit.update)
        return True

    def was_repeated(self, update: bytes) -> bool:
        """Synced clients answer our SyncStep1 with the same bytes, and all come back at once."""
        return hash(update) in self._repeated

    def step2_for(self, state_vector: bytes) -> tuple[Outgoing, ...]:
        """Everything that somebody lacks, and our SyncStep1. Raises MalformedMessage.

        Who lacks much is sent all: those bytes are the same for everybody who waits for them.
        """
        if state_vector == EMPTY:
            return self.state.whole()
        known = self._step2s.get(state_vector)
        if known is None:
            most = len(self.state.clocks) + self._limits.unknown_clients
            messages.read_state_vector(state_vector, most=most)
            update = self._built().get_update(state_vector)
            if len(update) > self._limits.own_step2_bytes:
                return self.state.whole()
            known = Outgoing((messages.sync_step2(update), self.state.sync_step1()), is_own=True)
            if len(update) <= STEP2_KEPT_BYTES and len(self._step2s) < STEP2S_KEPT:
                self._step2s[state_vector] = known
        return (known,)

    # -- writing ------------------------------------------------------------------------------

    def accept(self, access: Access, edit: Edit, later: list[Repair] | None = None) -> Taken:
        """Apply and judge an edit without a gap, and put right what goes too far in it.

        `later` gets what the rest of its message may put right. Nothing is taken of what was known
        already. Raises PoisonedByEdit, or if nothing happened BoardFull or a ServiceError.
        """
        if self.is_damaged:
            raise Damaged("nothing is written to a board that cannot be read whole")
        edit = without_known(edit, self.state.clocks, self._roots, self.state.surrogates)
        update, inspection = edit
        clocks = self.state.clocks
        strangers = self._owners.strangers(access.person, inspection, clocks)
        self._check_room(edit)

        self._admission.begin()
        self._admission.admit(edit)
        lost: list[str] = []

        def apply(document: Document) -> bytes:
            fresh = gaps.is_fresh(inspection, clocks)
            if fresh and not self._lost.may_lose(access.person):
                document.apply_update(update)
                return update
            # Partly known, or deletions only: keep just what it changed, if anything.
            made = document.record(lambda: document.apply_update(update))[1]
            lost.extend(lost_texts(update, made) if fresh else [])
            return update if fresh else made

        new = self._apply(access, [update], apply)
        if new in (b"", NOTHING):
            return NONE_TAKEN
        self.state.note(inspection)
        self._keep([new])
        claims = [self._owners.claim(client, access.person) for client in strangers]
        return self._put_right(access.person, [new], claims, lost, later)

    def accept_together(self, access: Access, edits: Sequence[Edit]) -> Taken:
        """Apply and judge, in one go, as many of them as need no thought.

        Those are edits of somebody who writes on where they, and the document, were: the rest is
        for `accept`. Raises PoisonedByEdit, and then none of them is in.
        """
        state, owners, person = self.state, self._owners, access.person

        def writes_on(inspection: Inspection) -> bool:
            is_next = gaps.continues(inspection, state.clocks)
            return is_next and owners.are(person, inspection.ranges.keys())

        updates = [edit.update for edit in edits]
        if self.is_damaged:
            return NONE_TAKEN
        if state.size + sum(map(len, updates)) > self._limits.board_bytes:
            return NONE_TAKEN
        if self._lost.may_lose(person):
            return NONE_TAKEN
        if not writes_on(edits[0].inspection):
            return NONE_TAKEN

        taken: list[bytes] = []
        self._admission.begin()
        for edit in edits:
            if not writes_on(edit.inspection) or not self._admission.may_admit(edit):
                break
            state.note(edit.inspection)
            taken.append(edit.update)
        if not taken:
            return NONE_TAKEN
        self._apply(access, taken, lambda document: document.apply_updates(taken))
        self._keep(taken)
        return self._put_right(person, taken, [], [], None)

    def _put_right(
        self,
        person: str,
        updates: list[bytes],
        claims: list[Record],
        lost: list[str],
        later: list[Repair] | None,
    ) -> Taken:
        """What was taken, and what the server changes of it in its own name (rule JD12)."""
        assert self._judge is not None
        repairs, removals = self._judge.repairs, self._judge.removals
        repairs = repairs if later is None else postpone(repairs, later)
        if not repairs and not lost:
            return Taken(updates, [], claims, [], removals)
        gone = self._lost.reported(lost)
        try:
            mended, update = self.write(lambda document: mend(document, repairs))
        except BoardError as error:
            self._admission.take_back()
            raise PoisonedByEdit(RefusedUpdate(str(error))) from error
        except Exception as error:  # whatever it is: the document holds what no log does
            log.exception("an edit could not be put right")
            self._admission.take_back()
            raise PoisonedByEdit(RefusedUpdate("it cannot be put right")) from error
        self._lost.note(person, mended)
        own = [update] if update else []
        claims += self.note_own(update) if update else []
        return Taken(updates, own, claims, notices_of(mended + gone), removals)

    def write(self, change: Callable[[Document], T]) -> tuple[T, bytes]:
        """Change the board in the server's name; what `change` returns, and the update it made.

        Raises what Document.record raises.
        """
        document, judge = self.document()
        if self.state.is_damaged:
            raise StoreCorrupted("nothing is written to a board that cannot be read whole")
        with judge.paused():
            return document.record(lambda: change(document))

    def note_own(self, update: bytes) -> list[Record]:
        """Take in an update of the server's own that the document holds; its claims."""
        self.state.note_own(update)
        self._admission.note_own(update)
        self._keep([update])
        client = self.state.document.doc.client_id
        return [] if client in self._owners else [self._owners.claim(client, SERVER)]

    def _apply(self, access: Access, updates: Sequence[bytes], apply: Callable[[Document], T]) -> T:
        """What `apply` returns, if nothing is wrong with what it did to the document."""
        document, judge = self.document()
        judge.begin(access)
        began = time.thread_time()
        try:
            result = apply(document)
        except BoardError as error:
            self._admission.take_back()
            raise PoisonedByEdit(RefusedUpdate(str(error))) from error
        verdict = judge.verdict() or self._too_costly(time.thread_time() - began, updates)
        if verdict is not None:
            self._admission.take_back()
            raise PoisonedByEdit(verdict)
        return result

    def has_room(self, size: int) -> bool:
        """Whether so many bytes more fit on the board."""
        return self.state.has_room_for(size, most=self._limits.board_bytes)

    def _check_room(self, edit: Edit) -> None:
        """Deleting is possible on a full board as well. Raises BoardFull."""
        state, size, most = self.state, len(edit.update), self._limits.board_bytes
        if state.has_room_for(size, most=most):
            return
        if is_mark(edit) and state.size + size <= most + (most >> SPARE_SHIFT):
            return
        brings = next(gaps.authors(edit.inspection, state.clocks), None) is not None
        if brings:  # else it only deletes, or repeats
            raise BoardFull("the edit does not fit")

    def _too_costly(self, seconds: float, updates: Sequence[bytes]) -> ServiceError | None:
        """Some small updates take the engine long; the bytes alone cannot tell which.

        Many have no more time than one, or it could hide among them.
        """
        allowed = self._limits.apply_seconds * (1 + sum(map(len, updates)) / (64 << 10))
        if seconds <= allowed or self.state.cost_of(updates) <= allowed:
            return None  # or it was the machine that paused, which some count as work
        return RefusedUpdate("too costly to apply")

    def _keep(self, updates: list[bytes]) -> None:
        self.state.add(updates)
        self._step2s.clear()

    def remember(self, repeated: bytes) -> None:
        """All that this update brings is known; see `was_repeated`."""
        if len(self._repeated) >= REPEATED_KEPT:
            self._repeated.clear()
        self._repeated.add(hash(repeated))
