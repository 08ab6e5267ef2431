"""Who signs in with OpenID Connect opens workshops and finds their own; nobody else does."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from server.access.oidc import facilitators
from tests.support.app import App, running_app
from tests.support.sign_in.oidc import Provider, running_provider
from tests.support.sign_in.signing import HERE, OWN, Claims, begun, come, opens, problem, signed_in


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


async def test_without_a_provider_there_is_no_way_in(app: App) -> None:
    assert app.service.sign_in is None
    for path in ("/sign-in", "/sign-in/back", "/api/facilitator"):
        assert (await app.http.get(path)).status_code == 404
    assert "sign_in" not in (await app.http.get("/")).text
