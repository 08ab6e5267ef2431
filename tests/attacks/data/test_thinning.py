"""Deleted is deleted, also where a log is compacted or a history thinned at that very moment."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest

from server.clock import milliseconds
from server.sync.commit import compactor, elsewhere, history
from server.sync.commit.history import DAY, MINUTE
from tests.attacks.data.test_deletion import CANARY, doomed, words_left
from tests.attacks.data.test_wiping import remove
from tests.support.app import App, Team

Act = Callable[[App, Team], Awaitable[None]]
YEAR = 365 * DAY


class Gate:
    """Holds up what is computed in another process, after it has read and before it writes."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        self.shut = True
        self._real = elsewhere.elsewhere

    async def pass_by(self, module: str, asks: Sequence[bytes], **how: Any) -> list[bytes]:
        told = await self._real(module, asks, **how)
        if self.shut:
            self.shut = False  # for the first one alone: what wipes goes by
            self.reached.set()
            await self.opened.wait()
        return told

    @contextlib.asynccontextmanager
    async def holding(self, work: Awaitable[None]) -> AsyncIterator[None]:
        """`work` waits at the gate meanwhile, and then goes on to its end."""
        self.reached.clear()
        self.opened.clear()
        self.shut = True
        task = asyncio.ensure_future(work)
        async with asyncio.timeout(60):
            await self.reached.wait()
        yield
        self.opened.set()
        await task


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    found = Gate()
    monkeypatch.setattr(compactor, "elsewhere", found.pass_by)
    monkeypatch.setattr(history, "elsewhere", found.pass_by)
    return found


async def written(app: App, board: str) -> None:
    """Something more in the log, with the word in it."""
    async with app.service.rooms.hold(board) as room:
        for number in range(5):
            room.edit(lambda document, n=number: document.root("odd").__setitem__("n", CANARY))  # type: ignore[misc]
            await app.service.rooms.committer.commit(room.workshop)


async def aged(app: App, board: str) -> None:
    """A board with a history."""
    for _ in range(3):
        await written(app, board)
        await app.service.rooms.compactor.compact(board)
    assert await app.service.store.lengths(board)


async def compacting(app: App, board: str) -> None:
    await app.service.rooms.compactor.compact(board)


async def thinning(app: App, board: str) -> None:
    await app.service.rooms.compactor.history.tidy(board, milliseconds() + 30 * MINUTE)


async def cutting(app: App, board: str) -> None:
    await app.service.rooms.compactor.history.tidy(board, milliseconds() + YEAR)


WORK = {"compacted": compacting, "thinned": thinning, "cut": cutting}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
async def test_h4_a_workshop_that_goes_while_a_board_is_tidied_leaves_no_word(
    app: App, gate: Gate, work: Callable[[App, str], Awaitable[None]]
) -> None:
    gate.shut = False
    team = await doomed(app)
    board = team.board()
    await aged(app, board)
    await written(app, board)
    async with gate.holding(work(app, board)):
        answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
        assert answer.status_code == 204
        assert words_left(app.service.config.data, CANARY) == {}
    assert words_left(app.service.config.data, CANARY) == {}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
async def test_h4_a_person_who_goes_while_the_desk_is_tidied_leaves_no_word(
    app: App, gate: Gate, work: Callable[[App, str], Awaitable[None]]
) -> None:
    gate.shut = False
    team = await app.team(1)
    person = await team.join(CANARY)
    for number in range(3):
        await team.join(f"Osallistuja {number + 2}")
        await app.service.rooms.compactor.compact(team.id)
    await team.join("Osallistuja 5")
    async with gate.holding(work(app, team.id)):
        await remove(team, person)
        assert words_left(app.service.config.data, CANARY) == {}
    assert words_left(app.service.config.data, CANARY) == {}
    assert CANARY not in str(await team.desk())
