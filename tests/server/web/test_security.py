"""What a hostile page, program or typist gets: a clear no, and nobody else notices."""

import json
import logging
import re
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import HTTPConnection
from starlette.routing import Route

from server.access.throttle import Quota
from server.errors import MalformedJson
from server.i18n import LANGUAGES, t
from server.web.requests import BODY_BYTES, address, parse_object, session_cookie
from tests.support.app import App, Json, Person, Team, running_app

OWN = {"Origin": "http://hahmo.test"}


@pytest.mark.parametrize("path", ["/", "/nope", "/api/nope", "/healthz", "/api/openapi.json"])
async def test_every_answer_has_the_security_headers(app: App, path: str) -> None:
    headers = (await app.http.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    for over_https in ("strict-transport-security", "cross-origin-opener-policy"):
        assert over_https not in headers  # plain http in this test
    assert "server" not in headers


async def test_a_page_runs_only_the_scripts_it_names(app: App) -> None:
    first, second = await app.http.get("/"), await app.http.get("/")
    policy = first.headers["content-security-policy"]
    nonce = re.search(r"script-src 'nonce-([\w-]{22})' 'strict-dynamic';", policy)
    assert nonce is not None
    assert nonce[1] not in second.text
    for needed in (
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
    ):
        assert needed in policy.split("; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert scripts
    assert all(f'nonce="{nonce[1]}"' in script for script in scripts)
    assert not re.search(r"\son\w+=|style=|javascript:", first.text)


async def test_over_https_cookies_and_transport_are_strict(tmp_path: Path) -> None:
    async with running_app(tmp_path, public_url="https://hahmo.example") as app:
        answer = await app.http.post("/api/workshops", json={})
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"__Host-hahmo_{answer.json()['id']}={answer.json()['token']};")
        assert "Domain" not in cookie
        for part in ("HttpOnly", "SameSite=lax", "Path=/", "Secure", "Max-Age=15552000"):
            assert part in cookie.split("; ")


async def test_over_http_the_cookie_is_not_secure(app: App) -> None:
    cookie = (await app.http.post("/api/workshops", json={})).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Secure" not in cookie


async def browser(app: App) -> tuple[httpx.AsyncClient, str]:
    """A facilitator's browser, signed in by cookie; with the address of their workshop."""
    http = app.client()
    made = (await http.post("/api/workshops", json={}, headers=OWN)).json()
    return http, f"/api/workshops/{made['id']}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OWN, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://hahmo.test.evil.example"}, 403),
        ({"Origin": "http://[broken"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", **OWN}, 403),
    ],
)
async def test_a_cookie_counts_only_on_our_own_pages(
    app: App, headers: dict[str, str], status: int
) -> None:
    http, address = await browser(app)
    answer = await http.patch(address, json={"title": "x"}, headers=headers)
    assert answer.status_code == status
    assert (answer.json().get("code") == "foreign-origin") == (status == 403)
    assert (await http.get(address)).is_success


async def test_the_public_address_counts_as_our_own(tmp_path: Path) -> None:
    async with running_app(tmp_path, public_url="https://hahmo.example") as app:
        token = (await app.team()).facilitator.token
        session = {"token": token}
        for origin, status in (("https://hahmo.example", 200), ("https://hahmo.example.org", 403)):
            answer = await app.client().post(
                "/api/session", json=session, headers={"Origin": origin}
            )
            assert answer.status_code == status


async def test_the_host_may_say_its_default_port(app: App) -> None:
    http, address = await browser(app)
    said = {"Host": "hahmo.test:80", "Origin": "http://hahmo.test"}
    assert (await http.patch(address, json={"title": "x"}, headers=said)).status_code == 200


async def test_a_refusal_logs_what_was_expected_and_what_came(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise nobody finds out that the public address is set wrongly."""
    async with running_app(tmp_path, public_url="https://hahmo.example") as app:
        token = (await app.team()).facilitator.token
        await app.client().post(
            "/api/session", json={"token": token}, headers={"Origin": "https://evil.example"}
        )
    [said] = [record.getMessage() for record in caplog.records if "foreign" in record.getMessage()]
    assert "https://hahmo.example" in said
    assert "https://evil.example" in said
    assert token not in said


async def test_no_foreign_page_signs_a_browser_in(app: App) -> None:
    """Otherwise somebody would write into an attacker's workshop without noticing."""
    team = await app.team()
    body = {"code": team.made["join_code"], "name": "Koivu"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = await app.client().post("/api/join", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
        assert "set-cookie" not in answer.headers


async def test_a_token_in_the_header_needs_no_origin(app: App) -> None:
    team = await app.team()
    http = app.by(team.facilitator.token)
    answer = await http.patch(f"/api/workshops/{team.id}", json={"title": "x"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_a_command_is_json(app: App, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = await app.http.post("/api/workshops", content=b'{"title": "x"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "content-type")


async def test_a_command_by_cookie_is_json_even_without_a_body(app: App) -> None:
    http, address = await browser(app)
    answer = await http.post(f"{address}/breakouts", headers=OWN)
    assert (answer.status_code, answer.json()["code"]) == (415, "content-type")


async def test_a_token_in_the_header_needs_no_content_type_where_there_is_no_body(app: App) -> None:
    """Also where a program keeps the cookies that it was given."""
    team = await app.team()
    token, cookie = team.facilitator.token, f"{session_cookie(team.id)}=x"
    headers = {"Authorization": f"Bearer {token}", "Cookie": cookie}
    answer = await app.http.delete(f"/api/workshops/{team.id}", headers=headers)
    assert answer.status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b'{"title": NaN}',
        b'{"title": Infinity}',
        b'{"title": "\\ud800"}',
        b"\xff\xfe{}",
        b"{'title': 1}",
        b'{"a":' * 30_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: body[:20],
)
async def test_malformed_json_is_told_so(app: App, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("/api/workshops", "/api/join", "/api/session", "/api/return"):
        answer = await app.http.post(path, content=body[:BODY_BYTES], headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-json")


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_gets_through_that_is_no_object(body: bytes) -> None:
    try:
        value = parse_object(body)
    except MalformedJson:
        return
    assert isinstance(value, dict)


async def test_a_body_has_a_limit(app: App) -> None:
    headers = {"Content-Type": "application/json"}
    fits = json.dumps({"code": "x", "pad": ""})
    fits = fits.replace('""', json.dumps("x" * (BODY_BYTES - len(fits))))
    assert len(fits) == BODY_BYTES
    answer = await app.http.post("/api/join", content=fits, headers=headers)
    assert answer.json()["code"] == "field-invalid"
    answer = await app.http.post("/api/join", content=fits + " ", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.json()["most"] == BODY_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_problem_is_told_in_the_readers_language(app: App, language: str) -> None:
    headers = {"Accept-Language": f"{language}, en;q=0.5"}
    body = {"code": "AAAA-AAAA", "name": "K" * 61}
    answer = await app.http.post("/api/join", json=body, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "type": "urn:hahmo:problem:name-too-long",
        "title": t(language, "error.name-too-long.title"),
        "status": 400,
        "code": "name-too-long",
        "detail": t(language, "error.name-too-long.detail", most=60, got=61),
        "most": 60,
        "got": 61,
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nope", 404, "not-found"),
        ("PUT", "/api/join", 405, "method-unknown"),
        ("GET", "/api/join", 405, "method-unknown"),
        ("DELETE", "/", 405, "method-unknown"),
        ("GET", "/api/workshops/%00", 404, "workshop-gone"),
        ("GET", "/api/boards/%2E%2E%2Fetc", 404, "not-found"),
        ("GET", "/api/boards/%F0%9F%92%A3", 404, "board-gone"),
    ],
)
async def test_odd_addresses_get_ordinary_problems(
    app: App, method: str, path: str, status: int, code: str
) -> None:
    answer = await app.http.request(method, path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_unnamed_error_is_logged_and_told_without_its_insides(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(workshop: str) -> None:
        raise RuntimeError("inside knowledge")

    monkeypatch.setattr(app.service.workshops, "desk", broken)
    team = await app.team()
    with caplog.at_level(logging.ERROR):
        answer = await team.facilitator.http.get(f"/api/workshops/{team.id}")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "inside knowledge" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "inside knowledge" in caplog.text
    assert team.id not in caplog.text


async def test_logs_hold_no_secrets_and_no_words(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        team = await app.team(1, title="Kanarialintu")
        await app.http.post("/api/join", json={"code": "AAAA-2222", "name": "Papukaija"})
        await app.http.get(f"/j/{team.made['join_code']}")
        await app.by("x" * 32).get(f"/api/workshops/{team.id}")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("server")]
    secrets = [team.facilitator.token, team.made["join_code"], "Kanarialintu", "Papukaija"]
    assert [line for line in ours for secret in secrets if secret in line] == []


async def test_a_guesser_is_answered_alike_whatever_was_wrong(app: App) -> None:
    answers = [
        await app.http.post("/api/join", json={"code": code, "name": "Koivu"})
        for code in ("AAAA-AAAA", "nonsense!", "2345-6789-ABCD", "")
    ]
    assert len({answer.text for answer in answers}) == 1
    assert app.service.guesses.failures == 4


async def test_looking_at_join_pages_counts_as_guessing(app: App) -> None:
    await app.http.get("/j/AAAA-AAAA")
    assert app.service.guesses.failures == 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::1", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:207", "192.0.2.7"),
        ("testclient", "unknown"),
    ],
)
def test_addresses_are_counted_by_subscriber(host: str, expected: str) -> None:
    assert address(HTTPConnection({"type": "http", "client": (host, 1)})) == expected


async def test_a_subscriber_has_one_share_whatever_addresses_they_take(app: App) -> None:
    app.service.joins = Quota(2, seconds=600.0)
    team = await app.team()

    async def joins(host: str) -> int:
        body = {"code": team.made["join_code"], "name": "Koivu"}
        return (await app.client(host).post("/api/join", json=body)).status_code

    assert [await joins(f"2001:db8:1:2::{n}") for n in range(1, 4)] == [201, 201, 429]
    assert await joins("2001:db8:1:3::1") == 201
    mapped = ["::ffff:192.0.2.7", "192.0.2.7", "::ffff:192.0.2.7"]
    assert [await joins(host) for host in mapped] == [201, 201, 429]
    assert await joins("::ffff:192.0.2.8") == 201  # another one of that kind


# -- every address there is ----------------------------------------------------------------------


async def test_whatever_is_answered_has_the_headers_and_what_is_private_is_kept_by_no_cache(
    tmp_path: Path,
) -> None:
    """Every address that can be read, as one who leads, as one who does not, and as a stranger;
    commands that are refused; methods and addresses that there are not."""
    (tmp_path / "static").mkdir()
    async with running_app(tmp_path / "data", static=tmp_path / "static") as app:
        await look_everywhere(app)


async def look_everywhere(app: App) -> None:
    team = await app.team(1)
    breakout = await team.split(2)
    asked = await team.facilitator.http.post(
        f"/api/workshops/{team.id}/exports", json={"format": "xlsx"}
    )
    export = asked.raise_for_status().json()["id"]
    strange = Person("", "", app.client())
    answers = []
    for who in (team.facilitator, team.people[0], strange):
        for path in every_address(app, team, breakout, export, who):
            answers += [await who.http.get(path), await who.http.post(path, json={"odd": 1})]
            answers.append(await who.http.request("BREW", path))
    assert {answer.status_code for answer in answers} >= {200, 400, 401, 403, 404, 405}
    for answer in answers:
        where = f"{answer.request.method} {answer.request.url} {answer.status_code}"
        assert answer.headers["x-content-type-options"] == "nosniff", where
        assert answer.headers["referrer-policy"] == "no-referrer", where
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], where
        if not answer.request.url.path.startswith(("/static", "/public")):
            assert answer.headers.get("cache-control") == "no-store", where


def every_address(app: App, team: Team, breakout: Json, export: str, who: Person) -> list[str]:
    """Every route of the application, with its parameters filled in."""
    values = {
        "workshop": team.id,
        "board": team.board(),
        "breakout": breakout["id"],
        "person": who.id or "nobody",
        "snapshot": "unknown",
        "export": export,
        "moment": "1",
        "code": team.made["join_code"],
        "format": "md",
    }
    paths = [route.path for route in app.app.routes if isinstance(route, Route)]
    assert len(paths) > 40
    filled = [re.sub(r"\{(\w+)\}", lambda found: values[found[1]], path) for path in paths]
    return [*filled, "/public/plain.css", "/public/none", "/static/none", "/nope", "/w/x/"]
