"""Documents made in the background: nobody takes their place or their file from others."""

import asyncio

import pytest

from server.exports.context import Exported
from server.exports.errors import ExportGone
from server.exports.jobs import Asked, Job, JobLimits, Jobs
from server.workshops.documents import documents
from tests.server.workshops.test_documents import asked, over
from tests.support.app import App, Person

KEPT = 1000  # bytes in all


def by(workshop: str, address: str, person: str = "p") -> Asked:
    return Asked(workshop=workshop, person=person, address=address, format="json", language="fi")


def of(size: int) -> Exported:
    return Exported(b"x" * size, "application/json", "a.json", "a.json")


async def made(jobs: Jobs, asked: Asked, size: int) -> Job:
    async def make(job: Job) -> Exported:
        return of(size)

    job = jobs.add(asked, make)
    async with asyncio.timeout(5):
        for _ in iter(lambda: job.is_over, True):
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    return job


def is_kept(jobs: Jobs, job: Job) -> bool:
    try:
        return jobs.find(job.id) is job
    except ExportGone:
        return False


async def test_whose_files_are_large_take_none_of_others() -> None:
    """Four of twenty megabytes were enough to take away what everybody else was to fetch."""
    jobs = Jobs(JobLimits(kept_bytes=KEPT))
    small = await made(jobs, by("w", "192.0.2.1"), 50)
    large = [await made(jobs, by("x", "192.0.2.9"), 300) for _ in range(5)]
    spread = [await made(jobs, by(f"y{n}", "192.0.2.9"), 300) for n in range(5)]
    assert is_kept(jobs, small)
    assert [is_kept(jobs, job) for job in (*large, *spread)].count(True) == 3
    assert is_kept(jobs, spread[-1])
    await jobs.stop()


async def test_who_shares_an_address_with_them_keeps_theirs() -> None:
    jobs = Jobs(JobLimits(kept_bytes=KEPT))
    small = await made(jobs, by("w", "192.0.2.1"), 50)
    for _ in range(5):
        await made(jobs, by("x", "192.0.2.1"), 300)
    assert is_kept(jobs, small)
    await jobs.stop()


async def test_who_gives_up_before_their_work_began_holds_no_place() -> None:
    """Dropped in the very moment in which its turn came, one was at work for ever: after two of
    them no document was made any more, for anybody."""
    jobs = Jobs(JobLimits())

    async def make(job: Job) -> Exported:
        return of(1)

    for number in range(3):
        jobs.drop(jobs.add(by(f"w{number}", "192.0.2.1"), make))
    last = await made(jobs, by("w", "192.0.2.1"), 1)
    assert (last.state, jobs.pending) == ("done", 0)
    await jobs.stop()


async def states(person: Person, ids: list[str]) -> list[str]:
    told = [(await person.http.get(f"/api/exports/{id}")).json() for id in ids]
    return [each.get("state", each.get("code")) for each in told]


async def test_who_comes_and_goes_takes_nobodys_document(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that joined and left again and again took 27 of 33 from the facilitator."""
    monkeypatch.setattr(documents, "MARGIN_SECONDS", 0.0)
    team = await app.team()
    lead, path = team.facilitator, f"/api/workshops/{team.id}/people"
    before = (await over(lead, await asked(lead, team, format="json")))["id"]
    ghost, writer = await team.join("Haamu"), await team.join("Koivu")
    await team.at_work(writer)
    names = (await over(lead, await asked(lead, team, format="json")))["id"]
    board = (await over(lead, await asked(lead, team, format="md", board=team.board())))["id"]
    await over(ghost, await asked(ghost, team, format="md", board=team.board()))
    assert (await ghost.http.delete(f"{path}/{ghost.id}")).status_code == 204
    assert await states(lead, [before, names, board]) == ["done", "export-gone", "done"]
    assert [job.id for job in app.service.documents.jobs.of(team.id, ghost.id)] == []
    assert (await lead.http.delete(f"{path}/{writer.id}")).status_code == 204
    assert await states(lead, [before, board]) == ["done", "export-gone"]
