"""Debian's nginx before two servers, set up as docs/operations.md says, word by word."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.faults.support.crash import add_note
from tests.server.test_redis_unfit import certificate
from tests.support.passed.servers import several
from tests.support.peer import Peer, texts_of
from tests.support.redis.servers import RedisServer, until
from tests.support.server import Server, free_port

__all__ = ["certificate"]

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
DOCS = Path("docs/operations.md")
WHOLE = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {documented}
}}
"""


@dataclass
class Site:
    """`url`: where people go. `plain`: the same without TLS. `servers`: those behind it."""

    url: str
    plain: str
    servers: list[Server]
    trusted: ssl.SSLContext

    def client(self, address: str = "127.0.0.1") -> httpx.Client:
        """Somebody's, at an address of their own."""
        transport = httpx.HTTPTransport(verify=self.trusted, local_address=address)
        return httpx.Client(base_url=self.url, transport=transport, timeout=30)

    def count(self, metric: str) -> list[float]:
        """Of each server."""
        return [
            sum(float(number) for number in re.findall(rf"(?m)^{metric}\S* (\S+)$", said))
            for said in (httpx.get(f"{s.url}/metrics", trust_env=False).text for s in self.servers)
        ]


def documented(places: dict[str, str]) -> str:
    """The configuration as it stands there, but for these places."""
    block: str
    [block] = re.findall(r"```nginx\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    for said, ours in places.items():
        assert said in block, said
        block = block.replace(said, ours)
    return block


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    secure, plain = free_port(), free_port()
    url = f"https://localhost:{secure}"
    with RedisServer() as redis, several(redis, folder, HAHMO_PUBLIC_URL=url) as servers:
        ports = [server.port for server in servers]
        places = {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
            "/etc/ssl/certs/hahmo.example.pem": str(certificate),
            "/etc/ssl/private/hahmo.example.key": str(certificate.parent / "key.pem"),
            "127.0.0.1:8001": f"127.0.0.1:{ports[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{ports[1]}",
            "hahmo.example": "localhost",
        }
        user = "user root;" if os.geteuid() == 0 else ""
        text = WHOLE.format(user=user, folder=folder, documented=documented(places))
        (folder / "nginx.conf").write_text(text)
        trusted = ssl.create_default_context(cafile=certificate)
        site = Site(url, f"http://localhost:{plain}", servers, trusted)
        with running(folder, site):
            yield site


@contextlib.contextmanager
def running(folder: Path, site: Site) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        nginx = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"], stderr=log)
    try:
        with site.client() as http:
            until(lambda: answers(http, nginx, folder / "log"))
        yield
    finally:
        nginx.terminate()
        nginx.wait(20)


def answers(http: httpx.Client, nginx: subprocess.Popen[bytes], log: Path) -> bool:
    assert nginx.poll() is None, log.read_text()
    with contextlib.suppress(httpx.TransportError):
        return http.get("/healthz").is_success
    return False


def opened(site: Site) -> dict[str, object]:
    with site.client() as http:
        made: dict[str, object] = http.post("/api/workshops", json={}).raise_for_status().json()
    return made


async def test_people_join_write_and_see_each_other(
    site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    made = opened(site)
    with site.client() as http:
        page = http.get(f"/j/{made['join_code']}")
        assert page.is_success
        assert "max-age" in page.headers["strict-transport-security"]
        joined = http.post(
            "/api/join",
            json={"code": made["join_code"], "name": "Koivu"},
            headers={"Origin": site.url},
        )
        assert joined.is_success, joined.text
        assert "__Host-" in joined.headers["set-cookie"]
        assert "Secure" in joined.headers["set-cookie"]
    board = made["boards"][0]["id"]  # type: ignore[index]
    async with (
        Peer(site.url, board, token=str(made["token"])) as one,
        Peer(site.url, board, token=joined.json()["token"]) as two,
    ):
        one.edit(lambda document: add_note(document, board, "nginxin läpi"))
        await one.saved()
        await two.until(lambda: texts_of(two) == ["nginxin läpi"])


def test_who_comes_without_tls_is_sent_to_it(site: Site) -> None:
    redirected = httpx.get(f"{site.plain}/w/nobodys?a=1", trust_env=False)
    assert redirected.status_code == 301
    assert redirected.headers["location"] == "https://localhost/w/nobodys?a=1"


def test_large_files_come_in_and_larger_ones_do_not(site: Site) -> None:
    made = opened(site)
    with site.client() as http:
        own = {"Authorization": f"Bearer {made['token']}"}
        export = http.get(f"/api/workshops/{made['id']}/export.json", headers=own)
        assert export.is_success
        large = export.content + b" " * (5 << 20)
        answer = http.post(
            "/api/workshops/import", content=large, headers={"Content-Type": "application/json"}
        )
        assert answer.is_success, answer.text
        answer = http.post("/api/workshops/import", content=b" " * (34 << 20))
        assert answer.status_code == 413


def test_everybody_comes_from_their_own_address(site: Site) -> None:
    """Whatever they say of it themselves: one who guesses is slowed down alone."""
    made = opened(site)
    wrong = {"code": "XXXX XXXX", "name": "Arvaaja"}
    with site.client("127.0.0.2") as guesser, site.client("127.0.0.3") as other:
        codes = [
            guesser.post(
                "/api/join", json=wrong, headers={"X-Forwarded-For": f"192.0.2.{number}"}
            ).status_code
            for number in range(25)
        ]
        assert codes[0] in (400, 404)
        assert codes[-1] == 429
        assert other.post("/api/join", json=wrong).status_code == codes[0]
        right = {"code": made["join_code"], "name": "Koivu"}
        assert other.post("/api/join", json=right).is_success


def test_what_belongs_together_goes_to_the_same_server_until_that_is_gone(site: Site) -> None:
    """To its home always, or never: then that is who all of it is passed on to."""
    named = [str(opened(site)["id"]) for _ in range(6)]
    with site.client() as http:
        for each in named:
            before = sum(site.count("hahmo_passed_total"))
            for _ in range(10):
                assert http.get(f"/w/{each}").is_success
            assert sum(site.count("hahmo_passed_total")) - before in (0, 10)
        dying = site.servers[0]  # the home of some of them
        dying.kill9()
        for each in named:
            assert http.get(f"/w/{each}").is_success
        dying.restart()
