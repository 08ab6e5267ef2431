"""Everything one server process consists of, handed to whoever answers a request."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.access.throttle import Guesses, Quota
from server.config import Config
from server.metrics import Metrics
from server.passing.passer import Passer
from server.passing.work import Lending, WorkCalls
from server.store import SERVER, Store, StoreUnavailable
from server.sync.rooms import Rooms
from server.workshops.breakouts.at_work import AtWork
from server.workshops.breakouts.breakouts import Breakouts
from server.workshops.documents.documents import Documents
from server.workshops.doors.doors import Doors
from server.workshops.doors.passphrases import Passphrases
from server.workshops.doors.people import People
from server.workshops.doors.signals import Signals
from server.workshops.doors.waiting import WaitingRoom
from server.workshops.erasure.deletion import Deletion
from server.workshops.erasure.retention import Retention
from server.workshops.held import Held
from server.workshops.imports.bringing import NoteImports
from server.workshops.imports.imports import Imports
from server.workshops.next_round import NextRound
from server.workshops.pace.deadlines import Deadlines
from server.workshops.reading import Reading
from server.workshops.removals import DeletedNotes
from server.workshops.scripts.scripts import Scripts
from server.workshops.snapshots.by_person import ByPerson
from server.workshops.snapshots.snapshots import Snapshots
from server.workshops.surveys.surveys import Assessment
from server.workshops.workshops import Workshops

if TYPE_CHECKING:
    from server.access.oidc.facilitators import SignIn

__all__ = ["Service"]


@dataclass(slots=True)
class Service:
    """All parts of one server, as whoever answers a request uses them.

    `workshops`, `breakouts`, `deletion` change, `reading` does not; in `rooms` it is live.
    """

    config: Config
    store: Store
    rooms: Rooms
    workshops: Workshops
    doors: Doors
    people: People
    signals: Signals
    waiting: WaitingRoom
    passphrases: Passphrases
    breakouts: Breakouts
    at_work: AtWork
    scripts: Scripts
    deadlines: Deadlines
    snapshots: Snapshots
    by_person: ByPerson
    reading: Reading
    documents: Documents
    held: Held
    next_round: NextRound
    imports: Imports
    note_imports: NoteImports
    deletion: Deletion
    deleted_notes: DeletedNotes
    retention: Retention
    assessment: Assessment
    metrics: Metrics
    guesses: Guesses
    quota: Quota  # workshops opened, of one address
    joins: Quota  # of one address
    deliveries: Quota  # edits brought by a call, of one person
    passer: Passer | None  # where other processes serve workshops too
    lending: Lending | None  # there, what the worker does for this one
    work: WorkCalls | None  # and this one for others
    sign_in: SignIn | None  # where a provider is set up

    async def hand_over(self) -> None:
        """This process is about to end: what it accepted is stored, and others may be home."""
        homes = self.store.homes
        if homes is None:
            return
        homes.takes = False
        with contextlib.suppress(StoreUnavailable):  # then they follow when our session is over
            await self.rooms.committer.commit(SERVER)
            await homes.give_up()
        if self.passer is not None:
            await self.passer.leave()
