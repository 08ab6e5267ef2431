"""Cookies: whose they are, by http and by https, and on the move between the two (L5)."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from server.web.requests import session_cookie
from tests.support.app import App, Team
from tests.support.server import running_server

STEP1 = bytes((0, 0, 1, 0))  # the first word of a client that knows nothing
HTTP, HTTPS = "http://hahmo.test", "https://hahmo.test"


def names(http: httpx.AsyncClient) -> list[str]:
    return sorted(cookie.name for cookie in http.cookies.jar)


async def me(http: httpx.AsyncClient, origin: str, team: Team) -> Any:
    """Whom the page of the workshop takes this browser for."""
    page = await http.get(f"{origin}/w/{team.id}", headers={"Accept": "text/html"})
    boot = re.search(r'id="boot"[^>]*>(.*?)</script>', page.text)
    assert boot
    found = json.loads(boot[1])["me"]
    return found and found["id"]


async def signed_in(app: App, team: Team, origin: str, person: int = 0) -> httpx.AsyncClient:
    http = app.client(headers={"Sec-Fetch-Site": "same-origin"})
    body = {"token": team.people[person].token}
    (await http.post(f"{origin}/api/session", json=body)).raise_for_status()
    return http


async def test_l5_over_https_the_cookie_is_of_this_host_alone(app: App) -> None:
    team = await app.team(1)
    body = {"token": team.people[0].token}
    answer = await app.client().post(f"{HTTPS}/api/session", json=body)
    [cookie] = answer.headers.get_list("set-cookie")
    name, *parts = cookie.split("; ")
    assert name == f"__Host-hahmo_{team.id}={team.people[0].token}"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(parts)
    assert "domain" not in cookie.lower()


async def test_l5_a_move_to_https_leaves_the_plain_cookie_behind(app: App) -> None:
    """It may as well be a sibling's, so it signs nobody in, and the page takes it off."""
    team = await app.team(1)
    http = await signed_in(app, team, HTTP)
    assert names(http) == [session_cookie(team.id)]
    assert (await http.get(f"{HTTPS}/api/workshops/{team.id}")).status_code == 401
    assert await me(http, HTTPS, team) is None
    assert names(http) == []


async def test_l5_a_cookie_planted_on_who_is_nobody_signs_them_in_as_nobody(app: App) -> None:
    team = await app.team(1)
    headers = {"Sec-Fetch-Site": "same-origin"}
    http = app.client(headers=headers)
    plain = session_cookie(team.id)
    http.cookies.set(plain, team.people[0].token, domain="hahmo.test", path="/")
    write = await http.post(f"{HTTPS}/api/workshops/{team.id}/leave", json={})
    assert write.status_code == 204
    assert (await team.people[0].http.get(f"/api/workshops/{team.id}")).status_code == 200
    http.cookies.set(plain, team.people[0].token, domain="hahmo.test", path="/")
    for path in ("", "/people"):
        assert (await http.get(f"{HTTPS}/api/workshops/{team.id}{path}")).status_code == 401
    command = await http.post(f"{HTTPS}/api/workshops/{team.id}/sign-out", json={})
    assert command.status_code == 401
    assert await me(http, HTTPS, team) is None


async def test_l5_where_the_proxy_no_longer_says_https_nobody_is_signed_out(app: App) -> None:
    team = await app.team(1)
    cookie = f"{session_cookie(team.id, secure=True)}={team.people[0].token}"
    http = app.client(headers={"Cookie": cookie})  # a browser that is at https all the same
    page = await http.get(f"{HTTP}/w/{team.id}")
    assert team.people[0].id in page.text
    kept, cleared = page.headers.get_list("set-cookie")
    assert kept.startswith(f"{session_cookie(team.id)}={team.people[0].token};")
    assert cleared.startswith(f'{session_cookie(team.id, secure=True)}="";')
    assert {"Secure", "Max-Age=0", "Path=/"} <= set(cleared.split("; "))


async def test_l5_a_planted_cookie_makes_nobody_somebody_else(app: App) -> None:
    """A sibling of our host can set the plain name, with a domain and a path of its own."""
    team = await app.team(2)
    http = await signed_in(app, team, HTTPS)
    planted = session_cookie(team.id)
    http.cookies.set(planted, team.people[1].token, domain="hahmo.test", path="/")
    headers = {"Sec-Fetch-Site": "same-origin"}
    path = f"{HTTPS}/api/workshops/{team.id}/people"
    for person, status in ((team.people[1], 403), (team.people[0], 200)):
        answer = await http.get(f"{path}/{person.id}/data", headers=headers)
        assert answer.status_code == status
    assert await me(http, HTTPS, team) == team.people[0].id
    assert names(http) == [session_cookie(team.id, secure=True)]


@pytest.mark.parametrize("call", ["leave", "sign-out"])
async def test_l5_signing_out_leaves_no_second_cookie(app: App, call: str) -> None:
    team = await app.team(2)
    http = await signed_in(app, team, HTTPS)
    plain = session_cookie(team.id)
    http.cookies.set(plain, team.people[1].token, domain="hahmo.test", path="/")
    path = f"{HTTPS}/api/workshops/{team.id}/{call}"
    assert (await http.post(path, json={})).is_success
    left = {"leave": [], "sign-out": [session_cookie(team.id, secure=True)]}
    assert names(http) == left[call]


def test_l5_the_socket_goes_by_the_hosts_own_cookie(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        made = httpx.post(f"{server.url}/api/workshops", json={}, trust_env=False).json()
        good, bad = made["token"], "x" * 32
        for own, plain, code in ((good, bad, None), (bad, good, 4401), ("", good, None)):
            assert end_of(server.ws_url, server.url, made["id"], own, plain) == code
        server.stop()
        server.restart(HAHMO_PUBLIC_URL="https://hahmo.test")
        for own, plain, code in ((good, bad, None), (bad, good, 4401), ("", good, 4401)):
            assert end_of(server.ws_url, "https://hahmo.test", made["id"], own, plain) == code


def end_of(server: str, origin: str, board: str, own: str, plain: str) -> int | None:
    """The close code, or None when the board comes."""
    cookies = [f"{session_cookie(board)}={plain}"]
    cookies += [f"{session_cookie(board, secure=True)}={own}"] if own else []
    headers = {"Cookie": "; ".join(cookies)}
    address = f"{server}/sync/{board}"
    with connect(address, origin=Origin(origin), additional_headers=headers) as socket:
        try:
            socket.send(STEP1)
            socket.recv(timeout=10)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006
    return None
