"""A provider that is odd, silent or down leads nowhere and holds up nobody."""

from __future__ import annotations

import asyncio
import time

import pytest

from server.access.oidc import facilitators
from tests.support.app import App
from tests.support.sign_in.oidc import Provider, new_key, walk
from tests.support.sign_in.signing import OWN, Claims, begun, by_own_key, come, problem, signed_in


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ({"issuer": "https://evil.example"}, "go"),
        ({"token_endpoint": "http://evil.example/token"}, "go"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "go"),
        ({"jwks_uri": "file:///etc/passwd"}, "go"),
        ({"jwks_uri": None}, "go"),
    ],
)
async def test_odd_discovery_leads_nowhere(
    signing: App, provider: Provider, what: Claims, where: str
) -> None:
    provider.metadata = what
    assert (await signing.client().get("/sign-in")).status_code == 503


@pytest.mark.parametrize("path", ["openid-configuration", "keys", "token"])
async def test_a_provider_that_is_down_is_told_and_nothing_else_breaks(
    signing: App, provider: Provider, path: str
) -> None:
    provider.broken = {path: 500}
    http = signing.client(headers=OWN)
    answer = await http.get("/sign-in")
    if answer.status_code == 303:
        answer = await http.get(await asyncio.to_thread(walk, answer.headers["location"]))
    assert answer.status_code == 503
    assert "Workshops run on as before" in answer.text
    assert (await http.get("/")).status_code == 200
    provider.broken = {}
    assert problem(await come(http)) == (303, True)


@pytest.mark.parametrize("path", ["openid-configuration", "keys", "token"])
@pytest.mark.parametrize(
    "said",
    [b"[" * 100_000, b"[]", b"\xff", b"1" * 5000, b" " * (2 << 20) + b"{}"],
    ids=["nested", "list", "bytes", "number", "long"],
)
async def test_what_is_no_object_or_too_large_a_one_is_taken_for_being_down(
    signing: App, provider: Provider, path: str, said: bytes
) -> None:
    provider.odd = {path: said}
    http = signing.client(headers=OWN)
    answer = await http.get("/sign-in")
    if answer.status_code == 303:
        answer = await http.get(await asyncio.to_thread(walk, answer.headers["location"]))
    assert answer.status_code == 503


async def test_a_provider_that_is_silent_holds_up_nobody(
    signing: App, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes connections and says nothing: the loop goes on, and so do other tries."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        met.set()

    held: list[asyncio.StreamWriter] = []
    met = asyncio.Event()
    monkeypatch.setattr("server.access.oidc.fetching.SILENCE_SECONDS", 1.0)
    assert (await signing.client().get("/sign-in")).status_code == 303  # discovery is known now
    way = await begun(http := signing.client(headers=OWN))
    back = await asyncio.to_thread(walk, way)
    deaf = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = deaf.sockets[0].getsockname()[1]
    known = signing.service.sign_in
    assert known is not None
    (await known.provider._metadata())["token_endpoint"] = f"http://127.0.0.1:{port}/token"
    try:
        waiting = asyncio.create_task(http.get(back))
        await asyncio.wait_for(met.wait(), 10)
        started = time.monotonic()
        assert (await signing.client().get("/healthz")).status_code == 200
        assert time.monotonic() - started < 0.5
        assert not waiting.done()
        assert (await waiting).status_code == 503
    finally:
        for writer in held:
            writer.close()
        deaf.close()
        await deaf.wait_closed()


async def test_a_new_key_of_the_provider_is_fetched(
    signing: App, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await signed_in(signing)
    provider.key = new_key("two")
    provider.published = [provider.key]
    monkeypatch.setattr("server.access.oidc.provider.AGAIN_SECONDS", -1.0)
    await signed_in(signing)
    assert provider.asked.count("openid-configuration") == 1
    assert provider.asked.count("keys") == 2


async def test_keys_are_not_fetched_for_every_odd_token(signing: App, provider: Provider) -> None:
    await signed_in(signing)
    provider.sign = by_own_key
    for _ in range(3):
        assert problem(await come(signing.client(headers=OWN))) == (401, False)
    assert provider.asked.count("keys") == 1


async def test_one_address_does_not_ask_the_provider_without_end(signing: App) -> None:
    http = signing.client("192.0.2.77")
    for _ in range(facilitators.TRIES):
        assert (await http.get("/sign-in/back?code=x&state=x")).status_code == 401
    assert (await http.get("/sign-in")).status_code == 429
    assert (await signing.client().get("/sign-in")).status_code == 303
