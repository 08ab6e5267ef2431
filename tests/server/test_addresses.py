"""Where others can join, by plain http in a local network too."""

from pathlib import Path

import httpx
import pytest
from starlette.requests import HTTPConnection

from server.addresses import Offer, is_loopback, machine_addresses, offer
from server.config import Config
from server.web.requests import address, session_cookie
from tests.support.app import running_app
from tests.support.network.recut import straight
from tests.support.server import running_server

LAN = ("192.168.1.5", "10.0.0.7")


@pytest.mark.parametrize(
    ("settings", "own", "machine", "expected"),
    [
        (
            {"host": "0.0.0.0"},
            "http://localhost:8000",
            LAN,
            Offer(("http://192.168.1.5:8000", "http://10.0.0.7:8000")),
        ),
        ({"host": "0.0.0.0"}, "http://127.0.0.1", ("fd00::1",), Offer(("http://[fd00::1]",))),
        ({"host": "::"}, "http://[::1]:9000", LAN[:1], Offer(("http://192.168.1.5:9000",))),
        ({"host": "0.0.0.0"}, "http://10.0.0.7:8000", LAN, Offer(("http://10.0.0.7:8000",))),
        ({"host": "0.0.0.0"}, "http://localhost:8000", (), Offer(("http://localhost:8000",), True)),
        ({}, "http://localhost:8000", LAN, Offer(("http://localhost:8000",), True)),
        (
            {"host": "0.0.0.0", "public_url": "https://hahmo.example"},
            "http://localhost:8000",
            LAN,
            Offer(("https://hahmo.example",)),
        ),
    ],
)
def test_who_shall_join_is_sent_where_they_get(
    settings: dict[str, str], own: str, machine: tuple[str, ...], expected: Offer
) -> None:
    assert offer(Config(**settings), own, machine) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["localhost", "x.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_localhost_has_many_names(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback("hahmo.example")


@straight
def test_this_machine_can_be_reached(tmp_path: Path) -> None:
    """The story over plain http at an address that is not localhost: no Secure, no foreign page."""
    [host, *_] = machine_addresses()
    with running_server(tmp_path / "data", {"HAHMO_HOST": "0.0.0.0", "LANG": "en"}) as server:
        there = f"http://{f'[{host}]' if ':' in host else host}:{server.port}"
        made = httpx.post(f"{server.url}/api/workshops", json={}, trust_env=False).json()
        assert made["join_url"] == f"{there}/j/{made['join_code']}"
        assert there in server.log.read_text()
        with httpx.Client(base_url=there, headers={"Origin": there}, trust_env=False) as browser:
            page = browser.get(f"/j/{made['join_code']}", headers={"Accept": "text/html"})
            assert "cross-origin-opener-policy" not in page.headers
            body = {"code": made["join_code"], "name": "Koivu"}
            joined = browser.post("/api/join", json=body)
            assert "secure" not in joined.headers["set-cookie"].lower()
            assert session_cookie(made["id"]) in browser.cookies
            path = f"/api/workshops/{made['id']}"
            assert browser.get(f"{path}/addresses").json() == {
                "origins": [there],
                "only_here": False,
                "known": True,
            }
            assert browser.get(f"{path}/qr.svg", params={"origin": there}).status_code == 200
            foreign = {"origin": "http://elsewhere.example"}
            assert browser.get(f"{path}/qr.svg", params=foreign).status_code == 400


async def test_at_a_server_for_this_machine_only_that_is_said(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app:
        team = await app.team()
        http = app.by(team.facilitator.token)
        http.base_url = httpx.URL("http://localhost:8000")
        found = (await http.get(f"/api/workshops/{team.id}/addresses")).json()
        assert found == {"origins": ["http://localhost:8000"], "only_here": True, "known": True}


def test_an_ipv4_address_in_ipv6_is_the_ipv4_address() -> None:
    scope = {"type": "http", "client": ("::ffff:192.0.2.7", 1)}
    assert address(HTTPConnection(scope)) == "192.0.2.7"
    assert address(HTTPConnection({**scope, "client": ("2001:db8::7", 1)})) == "2001:0db8:0000:0000"
