"""Documents that are made in turn while whoever asked for them does something else."""

from __future__ import annotations

from dataclasses import dataclass

from server.errors import BoardGone
from server.exports.context import Exported
from server.exports.elsewhere import Costs, Elsewhere
from server.exports.errors import ExportGone, ExportNotReady
from server.exports.jobs import Asked, Job, Jobs
from server.exports.preview import PICTURED, Holds, first_page, look
from server.exports.sources import Unread
from server.exports.whole import Whole
from server.workshops.documents.wanted import Wanted, document
from server.workshops.members import Credentials, Desks, Gone, Member
from server.workshops.reading import Reading, stage_of

__all__ = ["About", "Documents"]

# A turn of theirs is that of the line already; what one workshop can hold is a minute's work.
COSTS = Costs(at_once=2, waiting=8, waiting_of_one=2, seconds=90.0, processor_seconds=60)

NAMING = frozenset({"json", "zip"})  # have everybody's names; others of whom they have notes
MARGIN_SECONDS = 5.0  # that the wall's clock may be off since somebody came


@dataclass(frozen=True, slots=True)
class About:
    """What a document would hold. `seconds`: about how long it takes once its turn comes.

    `ungathered`: groups whose work has not been brought to the shared boards. `picture`: whether
    its first page can be shown.
    """

    holds: Holds
    seconds: float
    ungathered: int
    picture: bool


class Documents:
    """What people ask for, each for themselves: nobody else sees or fetches it.

    What somebody may have is looked at when they ask, when it is made, and when they fetch it.
    """

    def __init__(self, desks: Desks, reading: Reading, jobs: Jobs) -> None:
        self.jobs = jobs
        self._desks = desks
        self._reading = reading
        self.elsewhere = Elsewhere(COSTS)
        desks.on_erased.append(self._forget)

    async def ask(
        self, member: Member, wanted: Wanted, credentials: Credentials, address: str
    ) -> Job:
        """It is made when its turn comes, of what stands on the boards then.

        Raises ExportsFull, and what reading it would.
        """
        workshop = member.workshop
        await self._check(workshop, wanted, credentials)
        token = credentials(workshop)
        asked = Asked(
            workshop=workshop,
            person=member.person,
            address=address,
            format=wanted.format,
            language=wanted.language,
            board=wanted.board,
            stage=wanted.stage,
        )

        async def make(job: Job) -> Exported:
            read = await self.read(workshop, wanted, lambda _: token)
            job.size = read.size
            return await document(wanted, read, self.elsewhere)

        return self.jobs.add(asked, make)

    async def read(self, workshop: str, wanted: Wanted, credentials: Credentials) -> Unread | Whole:
        """The boards that it is of. `workshop`: of what is of no single board.

        Raises as Reading.unread and Reading.workbook do.
        """
        if wanted.board is not None:
            return await self._reading.unread(wanted.board, credentials, wanted.language)
        return await self._reading.workbook(
            workshop, credentials, wanted.language, stage=wanted.stage, apart=wanted.apart
        )

    async def look(self, workshop: str, wanted: Wanted, credentials: Credentials) -> About:
        """What a document would hold, if it were made now. Raises as `read`, and FormatUnknown."""
        read = wanted.of(await self.read(workshop, wanted, credentials))
        wanted.must_exist()
        desk = await self._desks.desk(workshop)
        apart = () if wanted.board is not None else desk.breakouts
        return About(
            holds=await look(read, self._reading.elsewhere),
            seconds=round(self.jobs.pace.about(wanted.format, read.size), 1),
            ungathered=sum(len(each.groups) for each in apart if each.merged is None),
            picture=wanted.format in PICTURED,
        )

    async def page(self, workshop: str, wanted: Wanted, credentials: Credentials) -> bytes:
        """Its first page as a small PNG. Raises as `look`."""
        read = wanted.of(await self.read(workshop, wanted, credentials))
        wanted.must_exist()
        return await first_page(wanted.format, read, self._reading.elsewhere)

    async def of(self, workshop: str, credentials: Credentials) -> list[Job]:
        """All that somebody asked for in a workshop and still has."""
        member = await self._desks.member(workshop, credentials)
        return self.jobs.of(workshop, member.person)

    async def find(self, id: str, credentials: Credentials) -> Job:
        """Raises ExportGone, also when it is somebody else's."""
        job = self.jobs.find(id)
        member = await self._desks.member(job.asked.workshop, credentials)
        if member.person != job.asked.person:
            raise ExportGone("somebody else's")
        return job

    async def fetch(self, id: str, credentials: Credentials) -> tuple[Job, Exported]:
        """What was made. Raises ExportNotReady, what making it did, and as `find`."""
        job = await self.find(id, credentials)
        asked = job.asked
        wanted = Wanted(
            format=asked.format, language=asked.language, board=asked.board, stage=asked.stage
        )
        await self._check(asked.workshop, wanted, credentials)
        if job.error is not None:
            raise job.error
        if job.made is None:
            raise ExportNotReady(job.state)
        return job, job.made

    async def drop(self, id: str, credentials: Credentials) -> None:
        """Nobody is to have it: its child ends, or its file is gone. Raises as `find`."""
        self.jobs.drop(await self.find(id, credentials))

    def _forget(self, workshop: str, gone: Gone | None) -> None:
        """What may tell of people who were removed. Not all of it: else whoever comes and goes
        takes from the others what they asked for."""

        def tells(job: Job) -> bool:
            if gone is None or job.asked.person in gone.people:
                return True
            if not gone.wrote and job.asked.format not in NAMING:
                return False
            here = self.jobs.clock() - gone.seconds - MARGIN_SECONDS
            return job.begun is not None and (gone.seconds < 0 or job.begun >= here)

        self.jobs.forget(workshop, tells)

    async def _check(self, workshop: str, wanted: Wanted, credentials: Credentials) -> None:
        """Whether somebody may have it: a board who sees it, the rest who leads."""
        if wanted.board is not None:
            access = await self._desks.access(wanted.board, credentials)
            if access.workshop != workshop:
                raise BoardGone("of another workshop")
            return
        (await self._desks.member(workshop, credentials)).must_lead()
        if wanted.stage is not None:
            stage_of(await self._desks.desk(workshop), wanted.stage)
