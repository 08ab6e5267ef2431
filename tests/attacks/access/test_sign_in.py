"""Signing in with a provider: who gets in, and what proves nothing."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import OctKey

from server.access.oidc import facilitators
from tests.attacks.data.test_deletion import words_left
from tests.support.app import App, running_app
from tests.support.oidc import CLIENT, Provider, new_key, running_provider, walk

OWN = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
HERE = "http://hahmo.test"
Claims = dict[str, Any]


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.reset()
    return running


@pytest_asyncio.fixture
async def signing(tmp_path: Path, provider: Provider) -> AsyncIterator[App]:
    """A server at which who opens workshops has to sign in."""
    async with running_app(tmp_path / "data", public_url=HERE, **provider.settings) as app:
        yield app


async def begun(http: httpx.AsyncClient) -> str:
    """The way to the provider, after a click on "Sign in"."""
    answer = await http.get("/sign-in")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def come(http: httpx.AsyncClient) -> httpx.Response:
    """There and back."""
    back = await asyncio.to_thread(walk, await begun(http))
    return await http.get(back)


async def signed_in(app: App) -> httpx.AsyncClient:
    http = app.client(headers=OWN)
    answer = await come(http)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return http


async def opens(http: httpx.AsyncClient, **headers: str) -> int | str:
    """201, or why no workshop is opened."""
    answer = await http.post("/api/workshops", json={"title": "Oma"}, headers=headers)
    return 201 if answer.status_code == 201 else str(answer.json()["code"])


def problem(answer: httpx.Response) -> tuple[int, bool]:
    """The status, and whether the browser was given a session all the same."""
    cookies = answer.headers.get_list("set-cookie")
    given = any(cookie.startswith("hahmo_facilitator=") for cookie in cookies)
    return answer.status_code, given


# -- what works ---------------------------------------------------------------------------------


async def test_who_signed_in_opens_workshops_and_nobody_else(signing: App) -> None:
    stranger = signing.client(headers=OWN)
    assert await opens(stranger) == "sign-in-needed"
    assert '"sign_in": {"name": null}' in (await stranger.get("/")).text
    http = await signed_in(signing)
    assert '"sign_in": {"name": "Anna Arvo"}' in (await http.get("/")).text
    made = (await http.post("/api/workshops", json={"title": "Oma"})).json()
    body = {"code": made["join_code"], "name": "Koivu"}  # joining takes a code, and no more
    assert (await stranger.post("/api/join", json=body)).status_code == 201


async def test_the_way_there_has_all_that_protects_it(signing: App) -> None:
    http = signing.client()
    first, second = [parse_qs(urlsplit(await begun(http)).query) for _ in range(2)]
    assert first["response_type"] == ["code"]
    assert first["redirect_uri"] == [f"{HERE}/sign-in/back"]
    assert first["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 43  # 256 bits
        assert first[name] != second[name]


async def test_ones_own_workshops_are_found_on_another_device(signing: App) -> None:
    http = await signed_in(signing)
    made = [(await http.post("/api/workshops", json={"title": f"{n}"})).json() for n in range(2)]
    elsewhere = await signed_in(signing)
    found = (await elsewhere.get("/api/facilitator")).json()
    assert found == {
        "name": "Anna Arvo",
        "workshops": [{"id": each["id"], "title": f"{1 - n}"} for n, each in enumerate(made[::-1])],
    }
    path = f"/api/workshops/{made[0]['id']}"
    assert (await elsewhere.get(path)).status_code == 401
    opened = await elsewhere.post(f"/api/facilitator{path.removeprefix('/api')}", json={})
    assert opened.json() == {"workshop": made[0]["id"], "person": made[0]["person"]}
    assert (await elsewhere.patch(path, json={"title": "Uusi"})).status_code == 200
    assert (await http.request("DELETE", path, json={})).status_code == 204
    assert [w["title"] for w in (await elsewhere.get("/api/facilitator")).json()["workshops"]] == [
        "1"
    ]


async def test_others_workshops_are_not_ones_own(signing: App, provider: Provider) -> None:
    http = await signed_in(signing)
    made = (await http.post("/api/workshops", json={})).json()
    provider.claims["sub"] = "mallory"
    mallory = await signed_in(signing)
    assert (await mallory.get("/api/facilitator")).json()["workshops"] == []
    answer = await mallory.post(f"/api/facilitator/workshops/{made['id']}", json={})
    assert answer.status_code == 404
    assert (await mallory.get(f"/api/workshops/{made['id']}")).status_code == 401


async def test_another_issuers_subject_is_somebody_else(tmp_path: Path, provider: Provider) -> None:
    """The same server after a move to another provider, where somebody has the same id."""
    async with running_app(tmp_path, public_url=HERE, **provider.settings) as app:
        http = await signed_in(app)
        made = (await http.post("/api/workshops", json={})).json()
    with running_provider() as other:
        async with running_app(tmp_path, public_url=HERE, **other.settings) as app:
            namesake = await signed_in(app)
            assert (await namesake.get("/api/facilitator")).json()["workshops"] == []
            path = f"/api/facilitator/workshops/{made['id']}"
            assert (await namesake.post(path, json={})).status_code == 404


async def test_ones_own_workshop_makes_a_browser_nobody_else_unasked(signing: App) -> None:
    http = await signed_in(signing)
    made = (await http.post("/api/workshops", json={})).json()
    elsewhere = await signed_in(signing)
    joined = await elsewhere.post("/api/join", json={"code": made["join_code"], "name": "Anna"})
    path = f"/api/facilitator/workshops/{made['id']}"
    assert (await elsewhere.post(path, json={})).json()["code"] == "signed-in-already"
    data = f"/api/workshops/{made['id']}/people/{joined.json()['person']}/data"
    assert (await elsewhere.get(data)).status_code == 200
    assert (await elsewhere.post(path, json={"replace": True})).status_code == 200


async def test_signing_out_is_at_once_and_of_this_device(signing: App) -> None:
    http, elsewhere = await signed_in(signing), await signed_in(signing)
    kept = dict(http.cookies)
    key = {"Idempotency-Key": "k" * 20}  # as the client sends it
    answer = await http.post("/api/facilitator/sign-out", json={}, headers=key)
    assert answer.status_code == 204
    assert "hahmo_facilitator" not in http.cookies
    stolen = signing.client(headers=OWN, cookies=kept)
    assert await opens(stolen) == "sign-in-needed"
    assert await opens(elsewhere) == 201


async def test_a_session_ends_and_outlives_a_restart_until_then(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"public_url": HERE, **provider.settings}
    async with running_app(tmp_path / "data", **settings) as app:
        cookies = dict((await signed_in(app)).cookies)
    async with running_app(tmp_path / "data", **settings) as app:
        assert await opens(app.client(headers=OWN, cookies=cookies)) == 201
        later = time.time() * 1000 + facilitators.SIGNED_IN_SECONDS * 1000 + 1
        monkeypatch.setattr(facilitators, "milliseconds", lambda: round(later))
        assert await opens(app.client(headers=OWN, cookies=cookies)) == "sign-in-needed"
        await signed_in(app)  # sweeps what is over
        assert len(await app.service.store.find("sign_in", "sign_in")) == 1


async def test_a_key_opens_beside_it(tmp_path: Path, provider: Provider) -> None:
    settings = {"create_key": "k" * 20, "public_url": HERE, **provider.settings}
    async with running_app(tmp_path / "data", **settings) as app:
        assert await opens(app.client(), Authorization=f"Bearer {'k' * 20}") == 201
        assert await opens(app.client(), Authorization=f"Bearer {'x' * 20}") == "create-key"
        assert await opens(app.client()) == "sign-in-needed"
        assert await opens(await signed_in(app)) == 201


async def test_a_foreign_page_opens_nothing_by_the_cookie(signing: App) -> None:
    cookies = dict((await signed_in(signing)).cookies)
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        http = signing.client(cookies=cookies, headers=headers)
        assert await opens(http) == "foreign-origin"
        answer = await http.post("/api/facilitator/sign-out", json={})
        assert answer.json()["code"] == "foreign-origin"


@pytest.mark.parametrize(
    ("settings", "claims", "status"),
    [
        ({"oidc_domains": ("kunta.example",)}, {}, 303),
        ({"oidc_domains": ("kunta.example",)}, {"email": "anna@KUNTA.example"}, 303),
        ({"oidc_domains": ("kunta.example",)}, {"email": "anna@muu.example"}, 403),
        ({"oidc_domains": ("kunta.example",)}, {"email": "x@kunta.example@muu.example"}, 403),
        ({"oidc_domains": ("kunta.example",)}, {"email_verified": False}, 403),
        ({"oidc_domains": ("kunta.example",)}, {"email_verified": "true"}, 403),
        ({"oidc_groups": ("vetäjät", "muut")}, {}, 303),
        ({"oidc_groups": ("vetäjät",)}, {"groups": [], "roles": ["vetäjät"]}, 303),
        ({"oidc_groups": ("vetäjät",)}, {"groups": ["osallistujat"]}, 403),
        ({"oidc_groups": ("vetäjät",)}, {"groups": "vetäjät"}, 403),
        ({"oidc_groups": ("vetäjät",), "oidc_domains": ("muu.example",)}, {}, 403),
    ],
)
async def test_domains_and_groups_bound_who_may(
    tmp_path: Path, provider: Provider, settings: Claims, claims: Claims, status: int
) -> None:
    provider.claims |= claims
    wanted = {"public_url": HERE, **provider.settings, **settings}
    async with running_app(tmp_path / "data", **wanted) as app:
        assert problem(await come(app.client(headers=OWN))) == (status, status == 303)


# -- what proves nothing ------------------------------------------------------------------------


def claim(**changed: Any) -> Callable[[Claims, Claims], None]:
    def spoil(header: Claims, claims: Claims) -> None:
        claims |= changed
        for name in [name for name, value in claims.items() if value is None]:
            del claims[name]

    return spoil


NOW = int(time.time())
SPOILT = {
    "another nonce": claim(nonce="x"),
    "no nonce": claim(nonce=None),
    "another issuer": claim(iss="https://evil.example"),
    "no issuer": claim(iss=None),
    "another audience": claim(aud="another"),
    "many audiences, none of them ours": claim(aud=["another", "third"]),
    "ours among others, made for another": claim(aud=[CLIENT, "another"], azp="another"),
    "another audience, for us": claim(aud="another", azp=CLIENT),
    "other audiences, for us": claim(aud=["another", "third"], azp=CLIENT),
    "no audience": claim(aud=None),
    "over": claim(exp=NOW - 3600, iat=NOW - 7200),
    "without an end": claim(exp=None),
    "not yet begun": claim(nbf=NOW + 3600),
    "of the future": claim(iat=NOW + 3600),
    "of nobody": claim(sub=None),
    "of a number": claim(sub=7),
    "another access token's": claim(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
async def test_a_token_that_was_not_made_for_this_proves_nothing(
    signing: App, provider: Provider, spoil: Callable[[Claims, Claims], None]
) -> None:
    provider.spoil = spoil
    assert problem(await come(signing.client(headers=OWN))) == (401, False)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(alg: str) -> Callable[[Claims, Claims], str]:
    return lambda header, claims: f"{part({**header, 'alg': alg})}.{part(claims)}."


def by_public_key(provider: Provider) -> Callable[[Claims, Claims], str]:
    """The public key as a shared secret: who takes any algorithm takes this."""
    secret = provider.key.as_pem(private=False)

    def sign(header: Claims, claims: Claims) -> str:
        text = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
        digest = hmac.digest(secret, text.encode(), "sha256")
        return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    return sign


def by_shared_key(header: Claims, claims: Claims) -> str:
    """A secret that stands among the keys."""
    secret = OctKey.import_key(b"s" * 32)
    return jwt.encode({"alg": "HS256", "kid": "shared"}, claims, secret, algorithms=["HS256"])


def by_another_key(header: Claims, claims: Claims) -> str:
    return jwt.encode(header, claims, new_key("one"))


def by_own_key(header: Claims, claims: Claims) -> str:
    """The token brings the key that it is signed with."""
    key = new_key("mine")
    brought = {"alg": "RS256", "kid": "mine", "jwk": key.as_dict(private=False)}
    return jwt.encode(brought, claims, key)


SIGNED: dict[str, Callable[[Provider], Callable[[Claims, Claims], str]]] = {
    "none": lambda provider: unsigned("none"),
    "None": lambda provider: unsigned("None"),
    "RS256 in name": lambda provider: unsigned("RS256"),
    "the public key as a secret": by_public_key,
    "a secret among the keys": lambda provider: by_shared_key,
    "another key of the same name": lambda provider: by_another_key,
    "its own key": lambda provider: by_own_key,
    "no token": lambda provider: lambda header, claims: "x",
    "changed afterwards": lambda provider: lambda header, claims: changed(provider, header, claims),
}


def changed(provider: Provider, header: Claims, claims: Claims) -> str:
    head, _, signature = provider.signed(header, claims).split(".")
    return f"{head}.{part({**claims, 'sub': 'mallory'})}.{signature}"


@pytest.mark.parametrize("sign", SIGNED.values(), ids=SIGNED.keys())
async def test_a_token_that_the_provider_did_not_sign_proves_nothing(
    signing: App, provider: Provider, sign: Callable[[Provider], Callable[[Claims, Claims], str]]
) -> None:
    provider.sign = sign(provider)
    assert problem(await come(signing.client(headers=OWN))) == (401, False)


async def test_what_another_browser_began_signs_nobody_in(signing: App) -> None:
    """Otherwise a link would make somebody work in an attacker's name."""
    theirs = await asyncio.to_thread(walk, await begun(signing.client(headers=OWN)))
    victim = signing.client(headers=OWN)
    assert problem(await victim.get(theirs)) == (401, False)
    await begun(victim)  # also in the middle of their own
    assert problem(await victim.get(theirs)) == (401, False)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("state=", "was="),
        lambda back: back.replace("code=", "code=x"),
        lambda back: back.replace("code=", "was="),
        lambda back: back.replace("iss=", "iss=x"),
    ],
)
async def test_what_comes_back_changed_signs_nobody_in(
    signing: App, spoil: Callable[[str], str]
) -> None:
    http = signing.client(headers=OWN)
    back = await asyncio.to_thread(walk, await begun(http))
    assert problem(await http.get(spoil(back))) == (401, False)


async def test_a_code_is_good_once(signing: App) -> None:
    http = signing.client(headers=OWN)
    way = await begun(http)
    kept = dict(http.cookies)
    back = await asyncio.to_thread(walk, way)
    assert problem(await http.get(back)) == (303, True)
    again = signing.client(headers=OWN, cookies=kept)
    assert problem(await again.get(back)) == (401, False)


async def test_no_redirect_leads_elsewhere(signing: App) -> None:
    http = signing.client(headers={**OWN, "Host": "evil.example"})
    asked = {"next": "https://evil.example", "redirect_uri": "https://evil.example"}
    way = str((await http.get("/sign-in", params=asked)).headers["location"])
    assert parse_qs(urlsplit(way).query)["redirect_uri"] == [f"{HERE}/sign-in/back"]
    back = await asyncio.to_thread(walk, way)
    answer = await http.get(f"{back}&next=https://evil.example")
    assert answer.headers["location"] == "/"


# -- the provider as such -----------------------------------------------------------------------


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


async def test_without_a_provider_there_is_no_way_in(app: App) -> None:
    assert app.service.sign_in is None
    for path in ("/sign-in", "/sign-in/back", "/api/facilitator"):
        assert (await app.http.get(path)).status_code == 404
    assert "sign_in" not in (await app.http.get("/")).text


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


# -- cookies that somebody else set ----------------------------------------------------------------


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


# -- what is kept of who signed in -----------------------------------------------------------------

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
