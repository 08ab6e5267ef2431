"""Hosts: what a forged Host header leads to, and what a page of another origin may do (L3)."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from server.addresses import Asked, known_origin
from server.config import Config
from server.web.hosts import SAID
from tests.support.app import App, running_app
from tests.support.network.recut import straight
from tests.support.server import Server, running_server

EVIL = "evil.example"
STEP1 = bytes((0, 0, 1, 0))  # the first word of a client that knows nothing
FORGED = (EVIL, f"{EVIL}:8000", "localhost.evil.example", "192.0.2.66:8000", "x" * 3000, "[", "")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("hosts") / "data") as running:
        yield running


def make(server: Server, host: str, **headers: str) -> Any:
    url = f"{server.url}/api/workshops"
    return httpx.post(url, json={}, headers={"Host": host, **headers}, trust_env=False).json()


# -- links --------------------------------------------------------------------------------------


@straight
@pytest.mark.parametrize("host", FORGED)
def test_l3_a_forged_host_makes_no_link(server: Server, host: str) -> None:
    made = make(server, host)
    assert made["join_url"] == f"{server.url}/j/{made['join_code']}"
    assert made["facilitator_url"] == f"{server.url}/w/{made['id']}#t={made['token']}"
    headers = {"Host": host, "Authorization": f"Bearer {made['token']}"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as http:
        path = f"/api/workshops/{made['id']}"
        offered = http.get(f"{path}/addresses").json()
        assert offered == {"origins": [server.url], "only_here": True, "known": False}
        assert http.get(f"{path}/qr.svg").status_code == 200
        assert http.get(f"{path}/qr.svg", params={"origin": f"http://{host}"}).status_code == 400
        assert http.post(f"{path}/join-code", json={}).json()["join_url"].startswith(server.url)
        assert http.post(f"{path}/next", json={}).json()["join_url"].startswith(server.url)
        keys = http.post(f"{path}/sign-out", json={}).json()
        assert keys["facilitator_url"].startswith(server.url)


@pytest.mark.parametrize("path", ["/j/ABCD-EFGH/", "/w/x/", "/privacy/", "/w//evil.example/"])
async def test_l3_a_redirect_stays_here_whatever_the_host(app: App, path: str) -> None:
    answer = await app.http.get(path, headers={"Host": EVIL})
    assert answer.status_code == 308
    assert answer.headers["location"] == path.rstrip("/")
    assert (await app.http.get(f"http://hahmo.test//{EVIL}/")).status_code == 404


def test_l3_no_answer_repeats_a_forged_host(server: Server) -> None:
    with httpx.Client(base_url=server.url, headers={"Host": EVIL}, trust_env=False) as http:
        for path in ("/", "/nope", "/j/ABCD-EFGH", "/privacy/", "/api/openapi.json", "/static"):
            answer = http.get(path, headers={"Accept": "text/html"})
            assert EVIL not in answer.text
            assert EVIL not in str(answer.headers)


async def test_l3_the_log_says_what_to_set_and_not_without_end(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for number in range(SAID + 3):
            for _ in range(2):
                headers = {"Host": f"proxy-{number}.example"}
                await app.http.post("/api/workshops", json={}, headers=headers)
    said = [text for text in caplog.messages if "HAHMO_PUBLIC_URL" in text]
    assert len(said) == SAID
    assert "http://proxy-0.example" in said[0]


@straight
def test_our_own_names_need_no_setting(tmp_path: Path) -> None:
    """Plain http in a local network: addresses, the machine's name, and that name's endings."""
    name = socket.gethostname().partition(".")[0].lower()
    with running_server(tmp_path / "data", {"HAHMO_HOST": "0.0.0.0"}) as server:
        for host in ("127.0.0.1", name, f"{name}.local", f"{name}.lan"):
            asked = f"{host}:{server.port}"
            made = make(server, asked)
            assert made["facilitator_url"].startswith(
                f"http://{asked}/" if host != "127.0.0.1" else server.url
            )
        for host in (f"{name}.evil.example", "other.local", name):
            asked = f"{host}:{server.port + 1}"
            assert asked not in str(make(server, asked))


@pytest.mark.parametrize(
    ("host", "scheme", "known"),
    [
        ("hahmo.example", "https", "https://hahmo.example"),
        ("HAHMO.example:443", "https", "https://hahmo.example"),
        ("hahmo.example:8000", "http", "http://hahmo.example:8000"),
        ("hahmo.example:9000", "http", None),
        ("tunnel.example:8443", "https", "https://tunnel.example:8443"),
        ("tunnel.example", "https", None),
        ("10.0.0.7:8000", "http", "http://10.0.0.7:8000"),
        ("[fd00::1]:8000", "http", "http://[fd00::1]:8000"),
        ("evil@localhost:8000", "http", "http://localhost:8000"),
        ("localhost:8000/evil.example", "http", "http://localhost:8000"),
        ("localhost:99999", "http", None),
    ],
)
def test_which_names_are_ours(host: str, scheme: str, known: str | None) -> None:
    config = Config(host="0.0.0.0", allowed_hosts=("hahmo.example", "tunnel.example:8443"))
    asked = Asked(scheme, host, ("10.0.0.7", 8000))
    assert known_origin(config, asked, ["fd00::1"]) == known


async def test_where_our_names_are_set_others_are_not_served(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data", allowed_hosts=("hahmo.example",)) as app:
        for host, status in (("hahmo.example", 201), ("localhost", 201), (EVIL, 421), ("", 421)):
            answer = await app.http.post("/api/workshops", json={}, headers={"Host": host})
            assert answer.status_code == status
        told = await app.http.get("/", headers={"Host": EVIL, "Accept-Language": "en"})
        assert (told.status_code, "HAHMO_ALLOWED_HOSTS" in told.text) == (421, True)
        for path in ("/healthz", "/readyz"):
            assert (await app.http.get(path, headers={"Host": EVIL})).status_code == 200


@straight
def test_where_our_names_are_set_other_names_get_no_socket(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", {"HAHMO_ALLOWED_HOSTS": "hahmo.example"}) as server:
        made = make(server, "hahmo.example")
        address = f"{server.ws_url}/sync/{made['id']}?token={made['token']}"
        with connect(address) as socket:  # 127.0.0.1 is always ours
            socket.send(STEP1)
            assert socket.recv(timeout=10)
        forged = address.replace("127.0.0.1", "127.0.0.1.evil.example")
        with connect(forged, sock=dial(server)) as socket, pytest.raises(ConnectionClosed) as end:
            socket.recv(timeout=10)
        assert end.value.rcvd is not None
        assert (end.value.rcvd.code, end.value.rcvd.reason) == (4403, "host-unknown")


def dial(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port))


# -- proxies and origins ------------------------------------------------------------------------


def test_l3_only_a_trusted_proxy_says_that_it_is_https(tmp_path: Path) -> None:
    for trusted, scheme in (("127.0.0.1", "https"), ("192.0.2.9", "http")):
        env = {"HAHMO_TRUSTED_PROXIES": trusted, "HAHMO_ALLOWED_HOSTS": "hahmo.example"}
        with running_server(tmp_path / trusted, env) as server:
            said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": EVIL, "Forwarded": EVIL}
            made = make(server, "hahmo.example", **said)
            address = "https://hahmo.example" if scheme == "https" else None
            assert (address is None) != made["facilitator_url"].startswith("https://hahmo.example")
            assert EVIL not in str(made)


ORIGINS = [
    ("{here}", 200),
    ("https://127.0.0.1:{port}", 403),  # we were reached directly, and speak http there
    ("http://127.0.0.1", 403),
    ("http://127.0.0.1:1", 403),
    ("ftp://127.0.0.1:{port}", 403),
    ("//127.0.0.1:{port}", 403),
    ("ws://127.0.0.1:{port}", 403),
    ("127.0.0.1:{port}", 403),
    ("{here}/", 403),
    ("http://x@127.0.0.1:{port}", 403),
    ("http://", 403),
    ("null", 403),
]


@straight
@pytest.mark.parametrize(("origin", "status"), ORIGINS)
def test_l3_an_origin_is_ours_with_scheme_and_port(
    server: Server, origin: str, status: int
) -> None:
    made = make(server, f"127.0.0.1:{server.port}")
    headers = {
        "Origin": origin.format(here=server.url, port=server.port),
        "Cookie": f"hahmo_{made['id']}={made['token']}",
    }
    address = f"{server.url}/api/workshops/{made['id']}"
    answer = httpx.patch(address, json={"title": "x"}, headers=headers, trust_env=False)
    assert answer.status_code == status
    code = socket_end(server, made, headers)
    assert code == (None if status == 200 else 4403)


def socket_end(server: Server, made: Any, headers: dict[str, str]) -> int | None:
    """The close code that a page of this origin gets, or None when it gets the board."""
    address = f"{server.ws_url}/sync/{made['id']}"
    cookie = {"Cookie": headers["Cookie"]}
    with connect(address, origin=Origin(headers["Origin"]), additional_headers=cookie) as socket:
        try:
            socket.send(STEP1)
            socket.recv(timeout=10)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006
    return None


@pytest.mark.parametrize(
    ("host", "origin", "proto", "status"),
    [
        ("hahmo.example", "https://hahmo.example", "https", 200),
        ("hahmo.example", "http://hahmo.example", "https", 403),
        ("hahmo.example", "https://hahmo.example", "", 200),  # a proxy that does not say
        ("hahmo.example", "http://hahmo.example", "", 200),
        ("hahmo.example", "https://hahmo.example:8443", "", 403),
        ("hahmo.example:8443", "https://hahmo.example:8443", "https", 200),
        ("hahmo.example", f"https://{EVIL}", "https", 403),
    ],
)
def test_l3_behind_a_proxy_the_scheme_counts_where_it_is_known(
    server: Server, host: str, origin: str, proto: str, status: int
) -> None:
    made = make(server, host)
    name = ("__Host-" if proto == "https" else "") + f"hahmo_{made['id']}"
    headers = {"Host": host, "Origin": origin, "Cookie": f"{name}={made['token']}"}
    headers |= {"X-Forwarded-Proto": proto} if proto else {}
    address = f"{server.url}/api/workshops/{made['id']}"
    answer = httpx.patch(address, json={"title": "x"}, headers=headers, trust_env=False)
    assert answer.status_code == status


async def test_l3_beside_a_public_address_its_host_has_no_other_scheme(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data", public_url="https://hahmo.example") as app:
        team = await app.team()
        assert team.made["join_url"].startswith("https://hahmo.example/j/")
        for origin, host, status in (
            ("https://hahmo.example", "hahmo.example", 200),
            ("http://hahmo.example", "hahmo.example", 403),
            ("http://localhost", "localhost", 200),
        ):
            body = {"token": team.facilitator.token}
            headers = {"Origin": origin, "Host": host}
            answer = await app.client().post("/api/session", json=body, headers=headers)
            assert answer.status_code == status


def test_a_request_with_two_hosts_is_refused(server: Server) -> None:
    """A proxy may go by the one, and we by the other. Source: RFC 9112, 3.2."""
    with dial(server) as raw:
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
        assert raw.recv(4096).startswith(b"HTTP/1.1 400 ")
