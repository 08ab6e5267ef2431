"""A Redis that does not do: a sentence says why and what to do, and nothing is written."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from server import cli, clock
from server.app import opened
from server.config import Config
from server.i18n import LANGUAGES, t
from server.store.redis import store as redis_store
from tests.server.test_cli import terminal
from tests.support.redis.servers import BINARY, RedisServer, node, until
from tests.support.server import free_port

__all__ = ["terminal"]

SECRET = "kukkakaali"


class Tried:
    """`hahmo serve` and `hahmo check` on an address, neither of which works."""

    def __init__(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._data = data
        self._patch = monkeypatch
        self._capsys = capsys
        monkeypatch.setenv("PORT", "0")

    def __call__(self, url: str, **env: str) -> str:
        """What both say, in one line."""
        self._patch.setenv("HAHMO_REDIS_URL", url)
        for name, value in env.items():
            self._patch.setenv(name, value)
        said = set()
        for command in ("serve", "check"):
            assert cli.main([command]) == 1
            out, err = self._capsys.readouterr()
            assert out == ""
            said.add(err)
        [told] = said
        assert told.count("\n") == 1
        assert SECRET not in told
        assert not self._data.exists()
        return told.strip()


@pytest.fixture
def tried(
    terminal: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Tried:
    return Tried(terminal, monkeypatch, capsys)


@contextlib.contextmanager
def unchanged(redis: RedisServer) -> Iterator[str]:
    """A Redis on which nothing is different afterwards; where it is."""

    def everything() -> dict[bytes, bytes]:
        return {key: redis.command("DUMP", key) for key in redis.command("KEYS", "*")}

    before = everything()
    yield f"127.0.0.1:{redis.port}"
    assert everything() == before


@pytest.mark.parametrize(
    ("settings", "env", "key", "values"),
    [
        (
            ("--appendfsync", "everysec"),
            {},
            "sync",
            {"sync": "everysec", "durability": "disk", "wanted": "always"},
        ),
        (("--appendonly", "no"), {"HAHMO_DURABILITY": "second"}, "no_log", {}),
        ((), {"HAHMO_DURABILITY": "replica"}, "no_replica", {}),
        (("--maxmemory-policy", "allkeys-lru"), {}, "evicts", {"policy": "allkeys-lru"}),
        (("--replicaof", "127.0.0.1 1"), {}, "is_replica", {}),
    ],
)
def test_one_that_promises_less(
    tried: Tried, settings: tuple[str, ...], env: dict[str, str], key: str, values: dict[str, str]
) -> None:
    with RedisServer(*settings) as redis, unchanged(redis) as where:
        said = tried(redis.url, **env)
    assert said == t("en", f"cli.redis_{key}", where=where, **values)


def test_one_that_is_old(tried: Tried, tmp_path: Path) -> None:
    """The same program, but for what it says of itself."""
    found = shutil.which(BINARY)
    assert found is not None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"v=(\d+\.\S+)", told)
    assert version is not None
    older = f"6{version[1][1:]}"
    binary = tmp_path / "redis-server"
    binary.write_bytes(Path(found).read_bytes().replace(version[1].encode(), older.encode()))
    binary.chmod(0o755)
    with RedisServer(binary=str(binary)) as redis, unchanged(redis) as where:
        assert tried(redis.url) == t("en", "cli.redis_old", where=where, version=older)


def test_a_wrong_password(tried: Tried) -> None:
    with RedisServer("--requirepass", SECRET) as redis:
        name = f"Redis at 127.0.0.1:{redis.port}"
        for user in ("", "hahmo:wrong@", ":wrong@"):
            said = tried(f"redis://{user}127.0.0.1:{redis.port}/0")
            assert said.startswith(f"{name} wants another user or password (")
            assert "wrong@" not in said
        said = tried(f"redis://:{SECRET}@127.0.0.1:{redis.port}/99")
        assert said.startswith(f"{name} refuses what it is asked (DB index")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an authority that nobody trusts: it is its own. Its key lies beside it."""
    folder = tmp_path_factory.mktemp("tls")
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-keyout", folder / "key.pem", "-out", folder / "own.pem"),
            *("-days", "30", "-subj", "/CN=localhost", "-addext", names),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "own.pem"


def test_tls_that_does_not_come_about(tried: Tried, certificate: Path, tmp_path: Path) -> None:
    port = free_port()
    files = (
        "--tls-cert-file",
        str(certificate),
        "--tls-key-file",
        str(certificate.parent / "key.pem"),
    )
    with RedisServer("--tls-port", str(port), "--tls-auth-clients", "no", *files) as redis:
        where = f"localhost:{port}"
        with unchanged(redis):
            said = tried(f"rediss://:{SECRET}@{where}/0")
            assert said.startswith(f"The certificate of Redis at {where} is not trusted (")
            assert "ssl_ca_certs" in said
            said = tried(f"rediss://{where}?ssl_ca_certs={tmp_path}/none.pem")
            assert said == t("en", "cli.redis_certificate_file", reason="No such file or directory")
            said = tried(f"redis://{where}/0")
            assert said == t("en", "cli.redis_foreign", where=where)
            said = tried(f"rediss://localhost:{redis.port}/0")
            assert said.startswith(f"At localhost:{redis.port} nobody speaks TLS (")


class Page(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_nobody_there_or_no_redis(tried: Tried) -> None:
    port = free_port()
    said = tried(f"redis://user:{SECRET}@127.0.0.1:{port}")
    reason = "Connection refused"
    assert said == t("en", "cli.redis_silent", where=f"127.0.0.1:{port}", reason=reason)
    assert tried("redis://nowhere.invalid").startswith("At nowhere.invalid:6379 no Redis answers (")
    assert tried("unix:///nowhere.sock").startswith("At /nowhere.sock no Redis answers (")
    with HTTPServer(("127.0.0.1", 0), Page) as other:
        serving = threading.Thread(target=other.serve_forever)
        serving.start()
        where = f"127.0.0.1:{other.server_port}"
        try:
            assert tried(f"redis://{where}") == t("en", "cli.redis_foreign", where=where)
        finally:
            other.shutdown()
            serving.join()
    said = tried("http://127.0.0.1:6379")
    assert said == t("en", "cli.setting_redis", variable="HAHMO_REDIS_URL")


def test_a_cluster_without_all_its_slots(tried: Tried) -> None:
    with node() as alone:
        where = f"127.0.0.1:{alone.port}"
        said = tried(alone.url)
        assert said == t("en", "cli.redis_slots", where=where, served="0", slots="16384")
        alone.command("CLUSTER", "ADDSLOTSRANGE", 0, 99)
        until(lambda: b"cluster_slots_assigned:100" in alone.command("CLUSTER", "INFO"))
        said = tried(alone.url)
        assert said == t("en", "cli.redis_slots", where=where, served="100", slots="16384")
        assert alone.command("DBSIZE") == 0


@pytest.mark.parametrize(("hours", "key"), [(2, "ahead"), (-2, "behind")])
def test_a_clock_that_runs_wrong(
    tried: Tried, monkeypatch: pytest.MonkeyPatch, hours: int, key: str
) -> None:
    monkeypatch.setattr(
        redis_store, "milliseconds", lambda: clock.milliseconds() + hours * 3_600_000 + 30_000
    )
    with RedisServer() as redis, unchanged(redis) as where:
        said = tried(redis.url)
    minutes = re.search(r"\d+ minutes", said)
    assert minutes is not None
    assert minutes[0] in ("120 minutes", "119 minutes")
    number = minutes[0].split()[0]
    assert said == t("en", f"cli.redis_clock_{key}", where=where, minutes=number)


def test_what_another_key_or_a_newer_version_wrote(
    tried: Tried, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with RedisServer() as redis:
        monkeypatch.setenv("HAHMO_REDIS_URL", redis.url)
        monkeypatch.setenv("PORT", "0")
        asyncio.run(served_once(Config(redis_url=redis.url, key=b"5" * 32)))
        monkeypatch.setenv("HAHMO_KEY", "00" * 32)
        capsys.readouterr()
        with unchanged(redis):
            assert cli.main(["serve"]) == 1
            assert "HAHMO_KEY" in capsys.readouterr().err
        redis.command("SET", "hahmo:{server}:format", 99)
        with unchanged(redis) as where:
            said = tried(redis.url)
        assert said == t("en", "cli.redis_newer", where=where, format="99", known="2")


async def served_once(config: Config) -> None:
    """So that the key is noted down."""
    async with opened(config):
        pass


def test_every_sentence_says_that_nothing_was_written() -> None:
    words = {"en": "Nothing was written.", "fi": "Mitään ei kirjoitettu.", "sv": "Inget skrevs."}
    for language in LANGUAGES:
        told = t(language, "cli.redis_old", where="x", version="6")
        assert words[language] in told
