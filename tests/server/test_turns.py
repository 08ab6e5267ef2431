"""Who has a turn at costly work, and who is told to come back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from server.errors import NotDone
from server.exports.turns import Turns, asker


class Queue:
    """Work that lasts until it is told to end, and who had a turn at it, in order."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, address: str, workshop: str) -> str:
        """Who asks; after so many steps of the loop that a turn would have come."""
        name = f"{address} {workshop} {len(self.tasks)}"
        self.ends[name] = asyncio.Event()
        asks = asker.set(address)
        self.tasks[name] = asyncio.create_task(self._work(name, workshop))
        asker.reset(asks)
        await steps()
        return name

    async def _work(self, name: str, workshop: str) -> None:
        async with self.turns.turn(workshop):
            self.begun.append(name)
            await self.ends[name].wait()

    async def end(self, name: str) -> None:
        self.ends[name].set()
        await self.tasks[name]
        await steps()


async def steps() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def queue(
    *, at_once: int = 1, waiting: int = 8, of_one: int = 8, seconds: float = 60.0
) -> AsyncIterator[Queue]:
    queue = Queue(Turns(at_once=at_once, waiting=waiting, waiting_of_one=of_one, seconds=seconds))
    yield queue
    for task in queue.tasks.values():
        task.cancel()
        with suppress(asyncio.CancelledError, NotDone):
            await task


async def test_a_turn_goes_to_the_address_that_had_none() -> None:
    async with queue(waiting=32) as work:
        many = [await work.ask("a", f"w{n}") for n in range(4)]
        other = await work.ask("b", "v")
        await work.end(many[0])
        assert work.begun == [many[0], other]
        await work.end(other)
        again = await work.ask("b", "v")
        await work.end(many[1])
        assert work.begun == [many[0], other, many[1], again]


async def test_an_address_alone_has_all_turns_and_each_workshop_one() -> None:
    async with queue(at_once=2) as work:
        first = await work.ask("a", "w")
        second = await work.ask("a", "w")
        third = await work.ask("a", "v")
        assert work.begun == [first, third]
        await work.end(first)
        assert work.begun == [first, third, second]


async def test_an_address_has_no_more_places_than_are_free() -> None:
    async with queue(waiting=8) as work:
        mine = [await work.ask("a", f"w{n}") for n in range(5)]
        assert told(work, mine) == [False, False, False, False, True]
        others = [await work.ask("b", f"v{n}") for n in range(3)]
        assert told(work, others) == [False, False, True]
        assert not work.tasks[await work.ask("c", "u")].done()


async def test_who_is_nobody_has_all_places() -> None:
    async with queue(waiting=3) as work:
        mine = [await work.ask("", f"w{n}") for n in range(4)]
        assert told(work, mine) == [False, False, False, True]


@pytest.mark.parametrize("leave", [lambda task: task.cancel(), lambda task: None])
async def test_who_leaves_the_queue_leaves_nothing(
    leave: Callable[[asyncio.Task[None]], object],
) -> None:
    async with queue(seconds=0.05) as work:
        for name in [await work.ask("a", "w"), await work.ask("a", "v")]:
            leave(work.tasks[name])
            with suppress(asyncio.CancelledError, NotDone):
                await work.tasks[name]
        last = await work.ask("a", "w")
        assert work.begun[-1] == last


def told(work: Queue, names: list[str]) -> list[bool]:
    """Which of them were told to come back."""
    return [
        work.tasks[name].done() and isinstance(work.tasks[name].exception(), NotDone)
        for name in names
    ]
