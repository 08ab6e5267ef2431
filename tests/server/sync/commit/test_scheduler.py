"""RM11: a quiet server answers at once; a busy one reads, commits and tells in ticks."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import pytest
import uvloop

from server.store import Commit, Misfit
from server.store.memory import MemoryStore
from server.sync.clock import LoopClock
from server.sync.commit.scheduler import (
    FRAMES_PER_TICK,
    LONGEST_PART,
    SECONDS_PER_READER,
    SHORTEST_PART,
    CommitScheduler,
)
from server.sync.limits import SyncLimits
from server.sync.wire import messages
from tests.support.app import App
from tests.support.clock import HandClock
from tests.support.rooms import Client, board_rooms, settled, write

INTERVAL = 0.05  # seconds
PLENTY = 100  # frames in such a tick
SLOW = SyncLimits(messages_per_second=0, commit_seconds=INTERVAL, presence_seconds=INTERVAL / 2)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


async def begin(scheduler: CommitScheduler, clock: HandClock) -> None:
    """The next tick, as soon as its time has come."""
    beginning = asyncio.ensure_future(scheduler.next())
    for _ in range(3):
        await asyncio.sleep(0)
    while not beginning.done():
        assert clock.left is not None
        clock.turn(clock.left)
        await asyncio.sleep(0)
    await beginning


async def ticks(
    scheduler: CommitScheduler, clock: HandClock, count: int, *, received: int
) -> float:
    """So many ticks, and in each of them so many frames; the seconds that the loop slept."""
    before = clock.paused
    for _ in range(count):
        await begin(scheduler, clock)
        scheduler.frames_received += received
        scheduler.end()
    return clock.paused - before


async def test_rm11_a_busy_loop_sleeps_until_the_next_tick(clock: HandClock) -> None:
    scheduler = CommitScheduler(SLOW, clock)
    await ticks(scheduler, clock, 10, received=PLENTY)
    assert await ticks(scheduler, clock, 1, received=PLENTY) == pytest.approx(
        INTERVAL * SHORTEST_PART
    )


async def test_rm11_a_quiet_one_never_does(clock: HandClock) -> None:
    assert await ticks(CommitScheduler(SLOW, clock), clock, 10, received=3) == 0


async def test_rm11_the_more_comes_the_sooner_is_the_next_tick_down_to_a_third() -> None:
    usual, busy = [
        await distance(frames=number) for number in (FRAMES_PER_TICK / 2, FRAMES_PER_TICK * 100)
    ]
    assert usual == pytest.approx(INTERVAL)
    assert busy == pytest.approx(INTERVAL * SHORTEST_PART)


async def distance(*, frames: float) -> float:
    """Seconds between the ticks of a server that hears so many frames in `commit_seconds`."""
    clock, count = HandClock(), 5
    scheduler = CommitScheduler(SLOW, clock)
    await ticks(scheduler, clock, count, received=int(frames))
    began = clock.now()
    await ticks(scheduler, clock, count, received=int(frames))
    return (clock.now() - began) / count


async def test_rm11_nor_one_that_somebody_waits_for(clock: HandClock) -> None:
    scheduler = CommitScheduler(SLOW, clock)
    await ticks(scheduler, clock, 10, received=PLENTY)
    with scheduler.awake():
        assert await ticks(scheduler, clock, 1, received=PLENTY) == 0


def test_rm11_what_came_while_it_slept_is_in_the_next_commit() -> None:
    """The sockets are read before a tick begins; so it is in the loop that servers run on."""

    async def main() -> list[str]:
        scheduler, order = CommitScheduler(SLOW, LoopClock()), list[str]()
        for _ in range(11):  # in the last of them it hears of nothing until the next
            await scheduler.next()
            scheduler.frames_received += PLENTY
            scheduler.end()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            loop = asyncio.get_running_loop()
            loop.add_reader(ours, lambda: order.append(ours.recv(9).decode()))
            theirs.send(b"edit")
            await scheduler.next()
            order.append("tick")
            loop.remove_reader(ours)
        return order

    assert uvloop.run(main()) == ["edit", "tick"]


async def test_presence_of_a_busy_server_waits_two_ticks_at_most_for_an_edit(
    clock: HandClock,
) -> None:
    scheduler, sent = CommitScheduler(SLOW, clock), list[str]()
    await ticks(scheduler, clock, 10, received=PLENTY)
    scheduler.send_soon(lambda: sent.append("presence"))
    await ticks(scheduler, clock, 1, received=PLENTY)
    assert not sent
    await ticks(scheduler, clock, 1, received=PLENTY)
    assert sent == ["presence"]


async def test_presence_asked_for_before_a_sleep_waits_for_the_tick_behind_it(
    clock: HandClock,
) -> None:
    scheduler, sent = (
        CommitScheduler(replace(SLOW, presence_seconds=INTERVAL * SHORTEST_PART / 4), clock),
        list[str](),
    )
    await ticks(scheduler, clock, 10, received=PLENTY)
    scheduler.send_soon(lambda: sent.append("presence"))
    await ticks(scheduler, clock, 1, received=PLENTY)
    clock.turn()
    assert not sent


async def test_rm11_a_commit_is_due_while_edits_wait_for_it() -> None:
    class Noting(MemoryStore):
        """Takes edits in while it commits, as while a disk is slow; and notes what is due."""

        due: ClassVar[list[bool]] = []

        async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
            if any(commit.appends for commit in commits):
                self.due.append(rooms.scheduler.is_due)
                if len(self.due) == 1:
                    client.send_update(write(client, "meanwhile"))
            return await super().commit_all(commits)

    async with board_rooms(Noting()) as rooms, rooms.hold("board") as room:
        client = Client(room)
        client.sync()
        await settled(rooms)
        client.send_update(write(client, "hei"))
        while len(Noting.due) < 2:
            await settled(rooms)
        assert Noting.due == [True, True]
        await settled(rooms)
        assert not rooms.scheduler.is_due


async def test_presence_does_not_wait_for_a_tick_that_does_not_come(clock: HandClock) -> None:
    scheduler, sent = CommitScheduler(SLOW, clock), list[str]()
    scheduler.send_soon(lambda: sent.append("presence"))
    clock.turn(SLOW.presence_seconds)
    assert sent == ["presence"]


async def test_presence_whose_time_is_up_goes_behind_the_commit_under_way(
    clock: HandClock,
) -> None:
    scheduler, sent = CommitScheduler(SLOW, clock), list[str]()
    scheduler.is_due = True
    await begin(scheduler, clock)
    scheduler.send_soon(lambda: sent.append("presence"))
    clock.turn(SLOW.presence_seconds)
    assert not sent
    scheduler.end()
    assert sent == ["presence"]


async def test_rm11_presence_that_cannot_be_sent_ends_nothing(
    clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler, sent = CommitScheduler(SLOW, clock), list[str]()
    await ticks(scheduler, clock, 10, received=PLENTY)

    def fail() -> None:
        raise RuntimeError("a bug")

    scheduler.send_soon(fail)
    scheduler.send_soon(lambda: sent.append("presence"))
    await ticks(scheduler, clock, 2, received=PLENTY)
    assert sent == ["presence"]
    assert "presence could not be sent" in caplog.text


@pytest.mark.parametrize(
    ("people", "part"), [(0, 1.0), (int(INTERVAL / SECONDS_PER_READER), 1.0), (10**9, LONGEST_PART)]
)
async def test_rm11_the_more_hear_of_it_the_later_they_are_told_more(
    clock: HandClock, people: int, part: float
) -> None:
    scheduler, count = CommitScheduler(SLOW, clock), 5
    began = clock.now()
    for _ in range(count + 1):
        await begin(scheduler, clock)
        scheduler.note_readers(people)
    assert clock.now() - began == pytest.approx(count * INTERVAL * part)


async def test_rm11_one_board_after_the_other_adds_up(clock: HandClock) -> None:
    scheduler, people = CommitScheduler(SLOW, clock), int(0.6 * INTERVAL / SECONDS_PER_READER)
    await begin(scheduler, clock)
    began = clock.now()
    scheduler.note_readers(people)
    scheduler.note_readers(people)
    await begin(scheduler, clock)
    assert clock.now() - began == pytest.approx(2 * people * SECONDS_PER_READER)


async def test_rm11_presence_is_told_no_sooner_either(clock: HandClock) -> None:
    scheduler, sent, people = (
        CommitScheduler(SLOW, clock),
        list[str](),
        int(INTERVAL / SECONDS_PER_READER),
    )
    scheduler.note_readers(people)
    scheduler.send_soon(lambda: sent.append("presence"))
    clock.turn(people * SECONDS_PER_READER - 0.002)
    assert not sent
    clock.turn(0.002)
    assert sent == ["presence"]


async def test_rm11_presence_whose_time_is_up_does_not_wait_for_a_tick_that_is_far(
    clock: HandClock,
) -> None:
    """It begins at once: what is waiting for it goes along."""
    scheduler, sent = CommitScheduler(replace(SLOW, commit_seconds=60.0), clock), list[str]()
    await begin(scheduler, clock)
    scheduler.end(is_due=True)
    scheduler.send_soon(lambda: sent.append("presence"))
    began = clock.now()
    await begin(scheduler, clock)
    assert clock.now() - began == pytest.approx(SLOW.presence_seconds)
    assert not sent
    scheduler.end()
    assert sent == ["presence"]


async def test_rm11_a_room_says_how_many_it_tells() -> None:
    async with board_rooms() as rooms, rooms.hold("board") as room:
        ann, bea = Client(room), Client(room)
        for client in (ann, bea):
            client.sync()
        await settled(rooms)
        before = rooms.scheduler._free
        ann.send_update(write(ann, "hei"))
        await settled(rooms)
        edit = rooms.scheduler._free
        ann.send(messages.awareness([messages.AwarenessEntry(7, 1, "{}")]))
        room._subscribers._send_presence()
        assert before < edit < rooms.scheduler._free


async def test_presence_does_not_wait_for_a_disk_that_hangs(clock: HandClock) -> None:
    scheduler, sent = CommitScheduler(SLOW, clock), list[str]()
    scheduler.is_due = True
    await begin(scheduler, clock)
    scheduler.send_soon(lambda: sent.append("presence"))
    clock.turn(2 * SLOW.presence_seconds)
    assert sent == ["presence"]


async def test_presence_that_was_said_in_another_way_is_not_said_again(clock: HandClock) -> None:
    scheduler, sent = CommitScheduler(SLOW, clock), list[str]()

    def send() -> None:
        sent.append("presence")

    scheduler.send_soon(send)
    scheduler.forget(send)
    scheduler.send_soon(lambda: sent.append("another's"))
    clock.turn(SLOW.presence_seconds)
    assert sent == ["another's"]


async def test_rm11_rooms_count_what_they_hear() -> None:
    async with board_rooms() as rooms, rooms.hold("board") as room:
        client = Client(room)
        client.sync()
        await settled(rooms)
        before = rooms.scheduler.frames_received
        client.send_update(write(client, "hei"))
        client.send(messages.awareness([messages.AwarenessEntry(7, 1, "{}")]))
        assert rooms.scheduler.frames_received == before + 2


async def test_rm11_a_request_keeps_the_loop_awake(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler, seen = app.service.rooms.scheduler, list[bool]()
    answer = app.service.store.get

    async def get(kind: str, id: str) -> dict[str, object] | None:
        seen.append(scheduler.is_awake)
        return await answer(kind, id)

    monkeypatch.setattr(app.service.store, "get", get)
    assert (await app.http.get("/readyz")).is_success
    assert seen == [True]
    assert not scheduler.is_awake
