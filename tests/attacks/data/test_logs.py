"""What strangers send does not write our log: no lines of their own, no escapes, no secrets."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.app import App

FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
ODD = (
    "/x%0aCRITICAL server: forged",
    "/x%0d%0aforged",
    "/%1b[2Jx",
    "/%e2%80%a8x",
    "/KEY-OF-MINE/x",
)


@pytest.mark.parametrize("path", ODD)
async def test_an_address_writes_no_line_of_its_own(
    app: App, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names what was asked for by our own words only."""
    answer = await app.http.post(path, json={}, headers=FOREIGN)
    assert answer.status_code == 403
    [line] = lines(caplog)
    assert line.startswith("refused POST /…: ")
    assert line.isprintable()


async def test_a_known_address_is_named_without_what_follows(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    await app.http.post("/api/workshops/KEY-OF-MINE", json={}, headers=FOREIGN)
    [line] = lines(caplog)
    assert line.startswith("refused POST /api: ")


@pytest.mark.parametrize("header", ["Origin", "Sec-Fetch-Site", "Host"])
async def test_a_header_writes_no_line_of_its_own(
    app: App, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    forged = {**FOREIGN, header: "x\u0085forged\x1b[2J".encode("latin-1")}
    await app.http.post("/api/join", json={}, headers=forged)  # type: ignore[arg-type]
    assert all(line.isprintable() for line in lines(caplog))
    assert lines(caplog)


async def test_an_unnamed_error_is_logged_with_a_safe_address(
    app: App, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(app.app.state.site.hosts, "check", broken)
    await app.http.get("/x%0aforged")
    [line] = lines(caplog)
    assert line == "unnamed error in GET /…"


UNTHOUGHT_OF = """
import asyncio, logging, sys
from server import cli, serving

WORD = "Kanaria" + "lintu"

def broken(word):
    try:
        int(word)
    except ValueError as error:
        raise KeyError(word) from error

async def alone():
    broken(WORD)

async def nobody_waits():
    loop = asyncio.get_running_loop()
    loop.call_soon(broken, WORD)
    task = loop.create_task(alone())
    await asyncio.wait([task])
    del task

def serve(arguments, config, language):
    try:
        broken(WORD)
    except KeyError:
        logging.getLogger("server").exception("unnamed error")
    def app(*_, **__):
        raise OSError("enough")
    async def both():
        try:
            await serving.served(config, None, lambda: None)
        except OSError:
            await nobody_waits()
    serving.create_app = app
    asyncio.run(both())
    return 0

cli.run_check = serve
sys.exit(cli.main(["check"]))
"""


def test_an_error_is_told_by_kind_and_place_and_not_in_its_words(tmp_path: Path) -> None:
    """Nor in those of what it came of, nor with the values that a callback was given."""
    command = [sys.executable, "-c", UNTHOUGHT_OF]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "", "HAHMO_DATA": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "Kanarialintu" not in done.stderr
    assert done.stderr.count("ValueError\nand then\n") == 3
    assert done.stderr.count("KeyError") == 3
    assert done.stderr.count(", in broken") == 6
    assert done.stderr.count("unnamed error") == 3


BROKEN_CHILD = """
from server.sync.commit.elsewhere import asked
asked()
raise ValueError("Kanaria" + "lintu")
"""


def test_a_child_that_ends_tells_where_and_not_in_its_words() -> None:
    command = [sys.executable, "-c", BROKEN_CHILD]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert b"line 4" in done.stderr
    assert b"ValueError" in done.stderr
    assert b"Kanarialintu" not in done.stderr


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [record for record in caplog.records if record.name.startswith("server")]
    assert all(record.levelno >= logging.WARNING for record in found)
    return [record.getMessage() for record in found]
