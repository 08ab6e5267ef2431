"""Documents in the making: their states, how long they are kept, and that nothing outlives them."""

import asyncio
from dataclasses import dataclass, field

import pytest

from server.exports.context import Exported
from server.exports.errors import ExportFailed, ExportGone, NothingDated
from server.exports.jobs import Asked, Job, JobLimits, Jobs

DONE = Exported(b"%PDF", "application/pdf", "kevat.pdf", "Kevät.pdf")


@dataclass
class Work:
    """Documents that are done when the test says so."""

    now: float = 1000.0
    futures: list[asyncio.Future[Exported]] = field(default_factory=list)

    def jobs(self, **limits: float) -> Jobs:
        return Jobs(JobLimits(**limits), clock=lambda: self.now)  # type: ignore[arg-type]

    async def make(self, job: Job) -> Exported:
        future: asyncio.Future[Exported] = asyncio.get_running_loop().create_future()
        self.futures.append(future)
        job.size = 1000
        return await future


def asked(person: str = "p", workshop: str = "w") -> Asked:
    return Asked(workshop=workshop, person=person, address="192.0.2.1", format="pdf", language="fi")


async def settle() -> None:
    """Let everything happen that is due."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_waits_works_and_is_done() -> None:
    work = Work()
    jobs = work.jobs()
    first, second = (jobs.add(asked(person), work.make) for person in "ab")
    assert (first.state, second.state, jobs.ahead(second)) == ("working", "waiting", 1)
    assert jobs.seconds_left(second) > jobs.seconds_left(first)
    await settle()
    work.futures[0].set_result(DONE)
    await settle()
    assert (first.state, jobs.progress(first), first.made) == ("done", 1.0, DONE)
    assert second.state == "working"
    assert jobs.pending == 1
    await jobs.stop()


async def test_how_far_one_is_never_says_done_too_early() -> None:
    work = Work()
    jobs = work.jobs()
    job = jobs.add(asked(), work.make)
    seen = []
    for _ in range(50):
        seen.append(jobs.progress(job))
        work.now += 0.1
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 0.95)
    assert jobs.seconds_left(job) > 0
    await jobs.stop()


@pytest.mark.parametrize(
    ("error", "slug"),
    [(NothingDated("none"), "nothing-dated"), (ValueError("bug"), ExportFailed.slug)],
)
async def test_what_goes_wrong_is_told_and_the_next_goes_on(error: Exception, slug: str) -> None:
    work = Work()
    jobs = work.jobs()
    first, second = (jobs.add(asked(person), work.make) for person in "ab")
    await settle()
    work.futures[0].set_exception(error)
    await settle()
    assert first.error is not None
    assert (first.state, first.error.slug, second.state) == ("failed", slug, "working")
    await jobs.stop()


async def test_what_takes_too_long_ends() -> None:
    work = Work()
    jobs = work.jobs(seconds=0.0)
    job = jobs.add(asked(), work.make)
    assert job.task is not None
    await asyncio.wait([job.task])
    assert isinstance(job.error, ExportFailed)


async def test_who_gives_up_ends_the_work_and_lets_the_next_begin() -> None:
    work = Work()
    jobs = work.jobs()
    first, second, third = (jobs.add(asked(person), work.make) for person in "abc")
    await settle()
    jobs.drop(second)
    jobs.drop(first)
    await settle()
    assert work.futures[0].cancelled()
    assert third.state == "working"
    for gone in (first, second):
        with pytest.raises(ExportGone):
            jobs.find(gone.id)
    await jobs.stop()


async def test_a_finished_one_is_kept_for_its_time() -> None:
    work = Work()
    jobs = work.jobs(kept_seconds=60.0)
    job = jobs.add(asked(), work.make)
    await settle()
    work.futures[0].set_result(DONE)
    await settle()
    work.now += 59
    assert (jobs.find(job.id), jobs.kept_seconds(job)) == (job, 1)
    work.now += 1
    await jobs.sweep()
    assert jobs.of("w", "p") == []


async def test_the_oldest_make_room() -> None:
    work = Work()
    jobs = work.jobs(kept_bytes=10, of_person=9, at_once=9)
    made = [jobs.add(asked("a", f"w{number}"), work.make) for number in range(4)]
    await settle()
    for future in work.futures:
        future.set_result(DONE)  # of four bytes
        work.now += 1
        await settle()
    assert [job.id for number in range(4) for job in jobs.of(f"w{number}", "a")] == [
        job.id for job in made[2:]
    ]


async def test_one_person_keeps_a_few() -> None:
    work = Work()
    jobs = work.jobs(kept_of_person=2)
    for _ in range(3):
        jobs.add(asked("a"), work.make)
        await settle()
        work.futures[-1].set_result(DONE)
        work.now += 1
        await settle()
    assert len(jobs.of("w", "a")) == 2


async def test_of_a_workshop_that_is_gone_nothing_stays() -> None:
    work = Work()
    jobs = work.jobs(at_once=9)
    done, working, waiting = (jobs.add(asked(person), work.make) for person in "abc")
    other = jobs.add(asked("a", "v"), work.make)
    await settle()
    work.futures[0].set_result(DONE)
    await settle()
    assert [job.state for job in (done, working, waiting)] == ["done", "working", "waiting"]
    jobs.forget("w")
    await settle()
    assert jobs.pending == 1
    for person in "abc":
        assert jobs.of("w", person) == []
    assert work.futures[2].cancelled() or work.futures[1].cancelled()
    assert jobs.find(other.id) is other
    await jobs.stop()


async def test_the_end_waits_for_what_was_given_up() -> None:
    ended = []

    async def make(_: Job) -> Exported:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # as until a child is gone
            ended.append(True)
        raise AssertionError

    jobs = Work().jobs()
    job = jobs.add(asked(), make)
    await settle()
    jobs.drop(job)
    await jobs.stop()
    assert ended == [True]
