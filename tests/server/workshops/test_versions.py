"""Two who read one record at the same time: neither loses what the other wrote (rule ST10)."""

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from boards.workbook.installed import load
from server.access.oidc.facilitators import Facilitators, Led
from server.access.oidc.provider import Identity
from server.store import SERVER, Commit, Expected, Overtaken, Record, StoreUnavailable, Versioned
from server.store.memory import MemoryStore
from server.store.versions import TRIES, retried
from server.workshops.doors import doors
from server.workshops.doors.doors import GHOST_SECONDS
from server.workshops.locks import Locks
from server.workshops.signs import Signs
from tests.support.app import App, Team, running_app
from tests.support.rooms import board_rooms

SOMEBODY = Identity("somebody", "Koivu")
FORM = next(form for form in load("valoa").board("assessment").forms if form.id == "community")


class Gate(MemoryStore):
    """Whoever reads a record of `kind` waits behind what was read until `open_gate`."""

    kind = ""

    def __init__(self) -> None:
        super().__init__()
        self.read_by_somebody = asyncio.Event()
        self._gate = asyncio.Event()

    def open_gate(self) -> None:
        self._gate.set()

    async def read(self, kind: str, id: str) -> Versioned:
        found = await super().read(kind, id)
        if kind == self.kind:
            self.read_by_somebody.set()
            await self._gate.wait()
        return found


@asynccontextmanager
async def meanwhile(store: Gate, kind: str, work: Awaitable[Any]) -> AsyncIterator[None]:
    """What happens in the block happens after `work` has read such a record."""
    store.kind = kind
    task = asyncio.ensure_future(work)
    await asyncio.wait_for(store.read_by_somebody.wait(), 10)
    store.kind = ""
    yield
    store.open_gate()
    await task


async def test_st10_workshops_opened_at_once_are_all_somebodys() -> None:
    store, workshops = MemoryStore(), [f"w{number}" for number in range(10)]
    async with board_rooms(store) as rooms:
        for workshop in workshops:
            await store.commit(
                Commit(workshop, puts=[Record("workshop", workshop, "", {"created": 1})])
            )
        theirs = Facilitators(store, rooms.committer, lambda: None)
        await asyncio.gather(*(theirs.lead(SOMEBODY, workshop, "p") for workshop in workshops))
        led = await theirs.led(SOMEBODY)
        assert sorted(each.workshop for each in led) == sorted(workshops)
        await store.commit(Commit("w3", deletes=[("workshop", "w3")]))
        await store.commit(Commit("w12", puts=[Record("workshop", "w12", "", {"created": 1})]))
        both = await asyncio.gather(theirs.led(SOMEBODY), theirs.lead(SOMEBODY, "w12", "p"))
        assert "w3" not in {each.workshop for each in both[0]}
        led = await theirs.led(SOMEBODY)
        assert led[0] == Led("w12", "p")
        assert len(led) == 10


async def test_st10_whoever_is_removed_leaves_nothing_also_while_they_are_seen() -> None:
    store = Gate()
    async with board_rooms(store) as rooms:
        person = Record("person", "p", "w", {"workshop": "w", "seen": False})
        await store.commit(Commit("w", puts=[person]))
        async with meanwhile(store, "person", Signs(store, rooms.committer).note("w", "p")):
            await store.commit(Commit("w", deletes=[("person", "p")]))
        assert await store.get("person", "p") is None


async def test_st10_whoever_is_always_overtaken_is_told_to_come_later() -> None:
    tries = []

    async def attempt() -> None:
        tries.append(1)
        raise Overtaken("somebody was first")

    with pytest.raises(StoreUnavailable):
        await retried(attempt)
    assert len(tries) == TRIES


async def test_st10_no_answer_is_lost_when_two_servers_take_answers(app: App) -> None:
    """Each has its own turns, so nothing but the version of the round is between them."""
    team = await app.team(6)
    await team.at_work()
    path = f"/api/workshops/{team.id}/rounds"
    made = await team.facilitator.http.post(path, json={"form": FORM.id})
    made.raise_for_status()
    other = copy.copy(app.service.assessment)
    other._locks = Locks()
    body = {"form": FORM.id, "ratings": {FORM.statements[0].id: 4}}
    answers = []
    for number, person in enumerate(team.people):
        member = await app.service.workshops.member(team.id, lambda _, who=person: who.token)  # type: ignore[misc]
        server = (app.service.assessment, other)[number % 2]
        answers.append(server.answer(member, body))
    await asyncio.gather(*answers)
    path = f"/api/workshops/{team.id}/results"
    told = await team.facilitator.http.get(path, params={"form": FORM.id})
    assert told.json()[0]["answers"] == len(team.people)


async def test_of_two_new_codes_one_leads_in(app: App) -> None:
    team = await app.team(1)
    path = f"/api/workshops/{team.id}/join-code"
    post: Callable[..., Awaitable[httpx.Response]] = team.facilitator.http.post
    told = await asyncio.gather(*(post(path, json={}) for _ in range(4)))
    codes = {answer.raise_for_status().json()["join_code"] for answer in told}
    assert len(codes) == 4
    assert len(await app.service.store.find("code", team.id)) == 1
    [joins] = [code for code in codes if await app.service.doors.find_code(code)]
    assert (await team.desk())["join_code"] == joins


async def test_of_two_who_sign_out_everywhere_else_one_stays(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    member = await app.service.workshops.member(team.id, lambda _: ann.token)
    keys = await asyncio.gather(*(app.service.doors.sign_out_everywhere(member) for _ in range(4)))
    opened = [each for each in keys if await is_in(app, team, each.token)]
    assert len(opened) == 1
    assert not await is_in(app, team, ann.token)


async def is_in(app: App, team: Team, token: str) -> bool:
    return (await app.by(token).get(f"/api/workshops/{team.id}")).status_code == 200


async def test_a_free_place_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_800_000_000_000]
    monkeypatch.setattr(doors, "milliseconds", lambda: now[0])
    async with running_app(tmp_path, people=4) as app:
        team = await app.team(0)
        await team.join("Haamu")
        await team.join("Haamu", "observer")
        await app.service.rooms.committer.commit(SERVER)
        team.people.clear()
        await team.join("Koivu")
        now[0] += round(1000 * GHOST_SECONDS) + 1
        body = {"code": team.made["join_code"], "name": "Tulija"}
        await asyncio.gather(*(app.client().post("/api/join", json=body) for _ in range(6)))
        assert len((await team.desk())["people"]) <= 4


async def test_st10_a_day_that_is_counted_goes_by_what_was_seen() -> None:
    """Somebody comes in while retention looks at their workshop: it is not unused."""
    store = MemoryStore()
    await store.open()
    await store.commit(Commit("w", puts=[Record("workshop", "w", "", {"created": 1})]))
    _, version = await store.read("workshop", "w")
    await store.commit(Commit("w", puts=[Record("workshop", "w", "", {"created": 1, "used": 2})]))
    count = Commit(
        "w",
        puts=[Record("idle", "w", "w", {"looks": 1})],
        expects=[Expected("workshop", "w", version)],
    )
    with pytest.raises(Overtaken):
        await store.commit(count)
    assert await store.get("idle", "w") is None
