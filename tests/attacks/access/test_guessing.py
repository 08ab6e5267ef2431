"""Guessing: what it costs others, at the same address and elsewhere (H10)."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import pytest

from server.access import throttle
from server.access.throttle import LINE_SECONDS, Guesses
from tests.support.app import App, Team

GUESSERS = 60  # at once, each asking again as soon as it is answered
NAT = "192.0.2.50"


@pytest.fixture
def guessed(app: App) -> App:
    """A server at which somebody has guessed for long already."""
    app.service.guesses = Guesses(burst=10)
    return app


class Answers:
    """What guessers are answered."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self._more = asyncio.Event()

    def add(self, status: int) -> None:
        self.seen.append(status)
        self._more.set()

    async def until(self, enough: Callable[[list[int]], bool]) -> None:
        async with asyncio.timeout(30):
            while not enough(self.seen):
                self._more.clear()
                await self._more.wait()


async def guess(app: App, answers: Answers) -> None:
    http = app.client(NAT)
    while True:
        answer = await http.post("/api/join", json={"code": "AAAA-2222", "name": "Arvaaja"})
        answers.add(answer.status_code)


@contextlib.asynccontextmanager
async def guessing(app: App) -> AsyncIterator[Answers]:
    """Meanwhile, many guess from one address, and have been told to stop."""
    answers = Answers()
    tasks = [asyncio.create_task(guess(app, answers)) for _ in range(GUESSERS)]
    try:
        await answers.until(lambda seen: 429 in seen)
        yield answers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ways_in(app: App, team: Team, address: str) -> list[int]:
    """A join code, its page, and a return code: all right."""
    http = app.client(address)
    code = team.made["join_code"]
    page = await http.get(f"/j/{code}")
    joined = await http.post("/api/join", json={"code": code, "name": "Koivu"})
    body = {"code": team.made["return_code"]}
    back = await http.post("/api/return", json=body)
    return [page.status_code, joined.status_code, back.status_code]


async def test_h10_a_right_code_is_never_refused_for_what_others_get_wrong(guessed: App) -> None:
    team = await guessed.team()
    async with guessing(guessed) as answers:
        started = time.monotonic()
        assert await ways_in(guessed, team, "192.0.2.51") == [200, 201, 201]
        assert time.monotonic() - started < 1.0
        for _ in range(2):
            assert await ways_in(guessed, team, NAT) == [200, 201, 201]
        assert time.monotonic() - started < LINE_SECONDS
    assert set(answers.seen) == {404, 429}


async def test_h10_guessing_itself_is_slow(guessed: App) -> None:
    await guessed.team()
    async with guessing(guessed) as answers:
        started, enough = time.monotonic(), len(answers.seen) + 2 * throttle.ADDRESS_LOOKUPS
        await answers.until(lambda seen: len(seen) >= enough)
        assert time.monotonic() - started > 1.0
