"""A workshop's passphrase: asked for at the door, slow to guess, and never in anybody's way."""

import asyncio
import hashlib
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from boards.desk import read_desk
from server.access.throttle import Guesses
from server.errors import TooManyTries
from server.workshops.doors import passphrases
from server.workshops.doors.passphrases import LOOKUPS_BURST, MOST, Passphrases
from server.workshops.errors import PassphraseWrong
from tests.support.app import App, Person, Team, running_app

WORDS = "Koivu ja tähti"


async def guarded(app: App, words: str | None = WORDS) -> Team:
    team = await app.team(1)
    assert (await put(team, words)).status_code == 200
    return team


async def put(team: Team, words: Any, who: Person | None = None) -> Any:
    http = (who or team.facilitator).http
    return await http.post(f"/api/workshops/{team.id}/passphrase", json={"passphrase": words})


async def tries(team: Team, words: Any = None, host: str = "192.0.2.1") -> str:
    """What one is told who joins: "in", or the problem's code."""
    body = {"code": team.made["join_code"], "name": "Koivu"}
    if words is not None:
        body["passphrase"] = words
    answer = await team.app.client(host).post("/api/join", json=body)
    return {201: "in", 202: "waits"}.get(answer.status_code) or str(answer.json()["code"])


def forget(app: App) -> None:
    """As after a restart: nothing is known but what is stored."""
    app.service.passphrases = Passphrases(app.service.workshops._desks)


async def test_only_who_knows_it_comes_in(app: App) -> None:
    team = await guarded(app)
    assert await tries(team) == "passphrase-needed"
    assert await tries(team, "") == "passphrase-needed"
    assert await tries(team, "koivu ja tahti") == "passphrase-wrong"
    assert len((await team.desk())["people"]) == 2
    for words in (WORDS, "  KOIVU  ja ta\u0308hti "):
        assert await tries(team, words) == "in"
    forget(app)
    assert await tries(team, "koivu") == "passphrase-wrong"
    assert await tries(team, "koivu ja TÄHTI") == "in"


async def test_who_is_in_needs_none_to_come_back(app: App) -> None:
    team = await guarded(app)
    assert (await team.people[0].http.get(f"/api/workshops/{team.id}")).status_code == 200
    body = {"code": team.made["return_code"]}
    assert (await app.client().post("/api/return", json=body)).status_code == 201


async def test_it_is_asked_for_before_one_may_wait(app: App) -> None:
    team = await guarded(app)
    await team.facilitator.http.patch(f"/api/workshops/{team.id}", json={"joining": "ask"})
    assert await tries(team, "väärä lause") == "passphrase-wrong"
    path = f"/api/workshops/{team.id}/waiting"
    assert (await team.facilitator.http.get(path)).json() == []
    assert await tries(team, WORDS) == "waits"


async def test_only_a_facilitator_sets_and_clears_it(app: App) -> None:
    team, other = await guarded(app), await app.team()
    assert (await put(team, None, team.people[0])).status_code == 403
    assert (await put(team, None, other.facilitator)).status_code == 401
    assert (await team.desk())["passphrase"] is True
    assert await tries(team) == "passphrase-needed"
    assert (await put(team, "toinen lause")).json() == {"passphrase": True}
    assert await tries(team, WORDS) == "passphrase-wrong"
    assert await tries(team, "toinen lause") == "in"
    assert (await put(team, None)).json() == {"passphrase": False}
    assert (await team.desk())["passphrase"] is False
    assert await tries(team) == "in"


@pytest.mark.parametrize("words", ["lyhyt", "    a    ", "x" * (MOST + 1), 7, ["lause"], ""])
async def test_what_is_no_passphrase_is_refused_and_changes_nothing(app: App, words: Any) -> None:
    team = await guarded(app)
    assert (await put(team, words)).status_code == 400
    assert await tries(team, WORDS) == "in"


@pytest.mark.parametrize("words", [7, ["lause"], {"a": 1}, True])
async def test_what_is_no_text_is_not_tried(app: App, words: Any) -> None:
    team = await guarded(app)
    assert await tries(team, words) == "field-invalid"
    assert await tries(team, "x" * 10_000) == "passphrase-wrong"


async def test_it_is_stored_as_a_slow_hash_and_nowhere_else(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team, other = await guarded(app), await guarded(app)
        assert await tries(team, WORDS) == "in"
        values = [await app.service.store.get("passphrase", each.id) for each in (team, other)]
        [one, two] = [value for value in values if value is not None]
        assert set(one) == {"salt", "hash"}
        assert (one["salt"], one["hash"]) != (two["salt"], two["hash"])
        assert passphrases.COST["n"] * passphrases.COST["r"] * 128 >= 32 << 20
        async with app.service.rooms.hold(team.id) as room:
            assert room.document is not None
            assert WORDS not in json.dumps(read_desk(room.document).json(), ensure_ascii=False)
        desk = json.dumps(await team.desk(), ensure_ascii=False)
        assert WORDS not in desk
        assert one["hash"] not in desk
    for name, raw in files(tmp_path):
        assert WORDS.encode() not in raw, name
        assert WORDS.casefold().encode() not in raw.lower(), name


def files(folder: Path) -> list[tuple[str, bytes]]:
    """Name and content of each."""
    return [(each.name, each.read_bytes()) for each in folder.iterdir() if each.is_file()]


async def test_a_restart_forgets_no_passphrase(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team = await guarded(app)
    async with running_app(tmp_path) as app:
        team = Team(app, team.made, Person("", "", app.by(team.made["token"])))
        assert await tries(team) == "passphrase-needed"
        assert await tries(team, WORDS) == "in"


async def test_it_goes_with_its_workshop(app: App) -> None:
    team = await guarded(app)
    await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert await app.service.store.get("passphrase", team.id) is None


# -- guessing ------------------------------------------------------------------------------------


async def test_who_guesses_is_slowed_and_nobody_else_is(app: App) -> None:
    team, other = await guarded(app), await guarded(app)
    told = [await tries(team, f"arvaus {number}") for number in range(25)]
    assert told == ["passphrase-wrong"] * 20 + ["too-many-tries"] * 5
    assert await tries(team, WORDS) == "in"  # a right one, from the same address
    assert await tries(team, "arvaus", "198.51.100.7") == "passphrase-wrong"  # another's first
    assert await tries(other, "arvaus") == "passphrase-wrong"  # at another workshop
    assert await tries(other, WORDS) == "in"
    assert app.service.passphrases.guesses.failures == 27


async def test_an_address_does_not_guess_without_end(app: App) -> None:
    """After so many wrong ones of an address, the next are not even looked at for a while."""
    team = await guarded(app)
    now = [1000.0]
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    guesses = Guesses(lambda: now[0], sleep, lookups=passphrases.LOOKUPS, burst=LOOKUPS_BURST)
    app.service.passphrases.guesses = guesses
    check = app.service.passphrases.check
    for number in range(LOOKUPS_BURST + 30):
        with pytest.raises((PassphraseWrong, TooManyTries)):
            await check(team.id, f"arvaus {number}", "192.0.2.1")
    assert slept == [pytest.approx((n + 1) / passphrases.LOOKUPS) for n in range(30)]
    await check(team.id, WORDS, "198.51.100.7")
    assert len(slept) == 30


async def test_a_crowd_that_knows_it_is_not_slowed(app: App) -> None:
    team = await guarded(app)
    forget(app)
    told = await asyncio.gather(*(tries(team, WORDS) for _ in range(60)))
    assert told == ["in"] * 60
    assert app.service.passphrases.guesses.failures == 0


async def test_once_it_is_known_wrong_ones_take_no_time(app: App) -> None:
    """No slow hash for each guess: guessing from many addresses keeps nobody waiting."""
    team = await guarded(app)
    begun = time.process_time()
    for number in range(100):
        with pytest.raises(PassphraseWrong):
            await app.service.passphrases.check(team.id, f"arvaus {number}", f"host {number}")
    assert time.process_time() - begun < 2  # with a hash for each it is ten


async def test_a_hash_holds_up_nobody(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is worked out in a thread beside the loop, and lets go of the interpreter meanwhile."""
    hashing, threads = hashlib.scrypt, []

    def watched(*given: Any, **more: Any) -> bytes:
        threads.append(threading.current_thread())
        return hashing(*given, **more)

    monkeypatch.setattr(hashlib, "scrypt", watched)
    team = await guarded(app)
    forget(app)
    assert await tries(team, WORDS) == "in"
    assert len(threads) == 2
    assert threading.current_thread() not in threads


async def test_an_observer_needs_it_too(app: App) -> None:
    team = await guarded(app)
    body = {"code": team.made["join_code"], "name": "Koivu", "role": "observer"}
    answer = await app.client().post("/api/join", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "passphrase-needed")
