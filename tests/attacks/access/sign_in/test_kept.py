"""What is kept of who signed in, and for how long; cookies that somebody else set."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server.access.oidc import facilitators
from tests.attacks.data.test_deletion import words_left
from tests.support.app import App, running_app
from tests.support.sign_in.oidc import Provider, walk
from tests.support.sign_in.signing import OWN, begun, opens, signed_in


async def test_the_store_holds_neither_the_subject_nor_the_token(signing: App) -> None:
    http = await signed_in(signing)
    token = http.cookies["hahmo_facilitator"]
    kept = str(await signing.service.store.find("sign_in", "sign_in"))
    assert token not in kept
    assert "anna" not in kept  # their name stands there, for as long as they are signed in


async def test_the_privacy_notice_tells_what_is_kept_of_who_signs_in(
    signing: App, tmp_path: Path
) -> None:
    told = "signed in with their organisation"
    assert told in (await signing.client(headers=OWN).get("/privacy")).text
    async with running_app(tmp_path / "without") as app:
        assert told not in (await app.client(headers=OWN).get("/privacy")).text


@pytest_asyncio.fixture
async def over_https(tmp_path: Path, provider: Provider) -> AsyncIterator[App]:
    settings = {**provider.settings, "public_url": "https://hahmo.test"}
    async with running_app(tmp_path / "data", **settings) as app:
        yield app


async def test_l5_over_https_a_sibling_plants_no_sign_in(over_https: App) -> None:
    """Whoever opened a workshop as somebody else would have handed it to them."""
    mallory = await signed_in(over_https)
    token = mallory.cookies["__Host-hahmo_facilitator"]
    victim = over_https.client(headers={**OWN, "Cookie": f"hahmo_facilitator={token}"})
    assert '"sign_in": {"name": null}' in (await victim.get("/")).text
    assert await opens(victim) == "sign-in-needed"
    assert (await victim.get("/api/facilitator")).status_code == 401


async def test_l5_over_https_a_sibling_begins_no_sign_in_for_others(over_https: App) -> None:
    """The state of Mallory's own try, and the code that they came back with."""
    mallory = over_https.client(headers=OWN)
    back = await asyncio.to_thread(walk, await begun(mallory))
    begun_by_them = mallory.cookies["__Host-hahmo_signing_in"]
    victim = over_https.client(headers={**OWN, "Cookie": f"hahmo_signing_in={begun_by_them}"})
    answer = await victim.get(back)
    assert answer.status_code == 401
    assert "hahmo_facilitator" not in str(answer.headers.get_list("set-cookie"))
    assert (await mallory.get(back)).status_code == 303  # theirs still works, for them


ANNA = "Anna Arvo"


async def test_h4_the_name_of_who_signed_out_stays_in_no_file(signing: App) -> None:
    folder = signing.service.config.data
    http = await signed_in(signing)
    assert words_left(folder, ANNA)
    (await http.post("/api/facilitator/sign-out", json={})).raise_for_status()
    await signing.service.retention.wipe_again()  # every 15 seconds
    assert words_left(folder, ANNA) == {}


async def test_h4_the_name_goes_when_the_session_ends_though_nobody_signs_out(
    signing: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = signing.service.config.data
    await signed_in(signing)
    await signing.service.retention.wipe_again()
    assert words_left(folder, ANNA)
    later = time.time() * 1000 + facilitators.SIGNED_IN_SECONDS * 1000 + 1
    monkeypatch.setattr(facilitators, "milliseconds", lambda: round(later))
    await signing.service.retention.wipe_again()
    assert words_left(folder, ANNA) == {}
    assert await signing.service.store.find("sign_in", "sign_in") == []
