"""The demo's workshop from its opening on: people join, split up, gather, choose, and again."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.demo.api import Api, ApiError, Unreachable
from server.demo.gestures import Clock
from server.demo.person import SimulatedPerson
from server.demo.texts import ShuffledTexts, load_texts

__all__ = ["Lengths", "Story"]

BOARD = "phenomena"
GROUPS = 2
DOTS = 5  # of each person, while voting is open
LAST_WORDS = 15.0  # seconds between the end of the timer and the gathering: sentences are ended


@dataclass(frozen=True)
class Lengths:
    """Seconds that each part of a round takes."""

    together: float = 40.0
    in_groups: float = 70.0
    gathered: float = 40.0


@dataclass
class Story:
    """One workshop on `server`, with `people` simulated participants who write in `language`.

    `create_key`: what the server asks of those who open workshops, if it asks for anything.
    """

    server: str
    language: str = "fi"
    people: int = 12
    create_key: str | None = None
    lengths: Lengths = field(default_factory=Lengths)
    clock: Clock = field(default_factory=Clock)
    dice: random.Random = field(default_factory=random.Random)
    workshop: dict[str, Any] = field(default_factory=dict)  # as the create call answered

    async def open(self) -> None:
        """Open the workshop. Raises ApiError, Unreachable."""
        title = load_texts(self.language).title
        self.workshop = await Api(self.server, self.create_key).post(
            "/api/workshops", {"workbook": "valoa", "title": title, "language": self.language}
        )

    async def run(self) -> None:
        """People at work, round after round, until cancelled."""
        people = await self._invite()
        async with asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(person.take_part())
            group.create_task(self._lead())

    @property
    def _facilitator(self) -> Api:
        return Api(self.server, self.workshop["token"])

    async def _invite(self) -> list[SimulatedPerson]:
        workbook = await self._facilitator.get(f"/api/workshops/{self.workshop['id']}/workbook")
        zones = {board["key"]: zone_ids(board) for board in workbook["boards"]}
        shuffled: dict[str, ShuffledTexts] = {}
        return [await self._join(number, zones, shuffled) for number in range(self.people)]

    async def _join(
        self, number: int, zones: dict[str, list[str]], shuffled: dict[str, ShuffledTexts]
    ) -> SimulatedPerson:
        texts = load_texts(self.language)
        joined = await Api(self.server).post(
            "/api/join",
            {"code": self.workshop["join_code"], "name": texts.nickname(number)},
        )
        return SimulatedPerson(
            server=self.server,
            workshop=self.workshop["id"],
            person=joined["person"],
            token=joined["token"],
            texts=texts,
            shuffled=shuffled,
            zones=zones,
            dice=random.Random(self.dice.random()),
            clock=self.clock,
        )

    async def _lead(self) -> None:
        """What the facilitator does, over and over. A real one at the panel may step in."""
        texts = load_texts(self.language)
        while True:
            await self._desk(timer=self._timer(self.lengths.together))
            await self.clock.sleep(self.lengths.together + LAST_WORDS)
            breakout = await self._split(texts.split)
            await self.clock.sleep(self.lengths.in_groups + LAST_WORDS)
            await self._gather(breakout, texts.gathered)
            await self.clock.sleep(self.lengths.gathered / 2)
            await self._desk(announcement=texts.choose, votes=self._voting(is_open=True))
            await self.clock.sleep(self.lengths.gathered / 2)
            await self._desk(votes=self._voting(is_open=False))

    async def _split(self, words: str) -> str | None:
        """Open a breakout; its id, or None if the facilitator at the panel was quicker."""
        board = self._board
        await self._desk(announcement=words, timer=self._timer(self.lengths.in_groups))
        path = f"/api/workshops/{self.workshop['id']}/breakouts"
        answer = await unless_refused(
            self._facilitator.post(path, {"board": board, "groups": GROUPS})
        )
        return answer and str(answer["id"])

    async def _gather(self, breakout: str | None, words: str) -> None:
        if breakout is not None:
            await unless_refused(self._facilitator.post(f"/api/breakouts/{breakout}/merge"))
            await unless_refused(self._facilitator.post(f"/api/breakouts/{breakout}/close"))
        await self._desk(announcement=words, timer=None)

    @property
    def _board(self) -> str:
        return next(str(b["id"]) for b in self.workshop["boards"] if b["key"] == BOARD)

    def _voting(self, *, is_open: bool) -> dict[str, Any]:
        return {self._board: {"dots": DOTS, "open": is_open}}

    def _timer(self, seconds: float) -> dict[str, int]:
        return {"seconds": max(1, round(seconds / self.clock.speed))}

    async def _desk(self, **fields: Any) -> None:
        await unless_refused(
            self._facilitator.patch(f"/api/workshops/{self.workshop['id']}", fields)
        )


async def unless_refused(call: Awaitable[Any]) -> Any:
    """The answer, or None when the server says no or is away: the demo goes on all the same."""
    with contextlib.suppress(ApiError, Unreachable):
        return await call
    return None


def zone_ids(board: dict[str, Any]) -> list[str]:
    """Where notes can be written on a board of the workbook: its zones, or its grid's cells."""
    rows: Sequence[dict[str, Any]] = board.get("rows", ())
    cells = [f"{row['id']}/{column['id']}" for row in rows for column in board.get("columns", ())]
    return [zone["id"] for zone in board.get("zones", ())] + cells
