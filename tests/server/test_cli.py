"""The command line: what `hahmo` says, writes and answers with its exit status."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server import cli
from server.exports import export_unread
from server.i18n import t
from tests.support.app import running_app
from tests.support.network.recut import straight
from tests.support.server import Server, free_port, running_server

Capture = pytest.CaptureFixture[str]
TOKENS: dict[str, str] = {}  # of facilitators, by workshop


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An English terminal and an empty data folder, whatever this machine has."""
    for name in list(os.environ):
        if name.startswith("HAHMO_") and not name.startswith("HAHMO_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("HAHMO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


async def workshop(data: Path) -> str:
    """A stored workshop with two notes and a merged breakout; its id."""
    async with running_app(data) as app:
        team = await app.team(2, title="Kevätpäivä")
        await app.write(team.board(), "ensimmäinen")
        breakout = await team.split(2)
        await app.write(breakout["groups"][0]["board"], "toinen")
        await team.merge(breakout)
        TOKENS[team.id] = team.facilitator.token
        return team.id


@pytest.fixture
def stored(terminal: Path) -> str:
    return asyncio.run(workshop(terminal))


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert cli.main(["serve"]) == 1
    assert "PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LC_ALL": "sv_FI.UTF-8"}, "sv"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_US"}, "en"),
        ({"LC_ALL": "C"}, "fi"),
        ({"LC_ALL": "de_DE.UTF-8"}, "fi"),
    ],
)
def test_the_terminals_language_is_spoken(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli.terminal_language() == language


def test_a_taken_address_is_told(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert cli.main(["serve"]) == 1
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in said
    assert "PORT=8001" in said


def test_check_finds_a_whole_store_whole(stored: str, capsys: Capture) -> None:
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        t("en", "cli.checked", n=10),
        t("en", "cli.findings", n=0),
    ]


def test_check_of_an_empty_store(capsys: Capture) -> None:
    assert cli.main(["check"]) == 0
    assert t("en", "cli.checked", n=0) in capsys.readouterr().out


@contextlib.contextmanager
def database(data: Path) -> Iterator[sqlite3.Connection]:
    """The store's file, opened behind its back."""
    path = next(path for path in data.iterdir() if path.read_bytes().startswith(b"SQLite"))
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        yield db


def board_with_log(db: sqlite3.Connection) -> str:
    """A board that is no desk."""
    found: str = db.execute(
        "SELECT board FROM log WHERE board IN (SELECT id FROM record WHERE kind = 'board')"
    ).fetchone()[0]
    return found


def test_check_finds_a_flipped_bit(stored: str, terminal: Path, capsys: Capture) -> None:
    with database(terminal) as db:
        board = board_with_log(db)
        [payload] = db.execute("SELECT payload FROM log WHERE board = ?", (board,)).fetchone()
        flipped = payload[:-1] + bytes([payload[-1] ^ 1])
        db.execute("UPDATE log SET payload = ? WHERE board = ?", (flipped, board))
    assert cli.main(["check"]) == 1
    said = capsys.readouterr().out
    assert f"{board}: damaged." in said
    assert t("en", "cli.findings", n=1) in said


def test_check_finds_a_lost_board_and_one_without_a_home(
    stored: str, terminal: Path, capsys: Capture
) -> None:
    with database(terminal) as db:
        lost = board_with_log(db)
        db.execute("DELETE FROM board WHERE id = ?", (lost,))
        db.execute("DELETE FROM log WHERE board = ?", (lost,))
        homeless = board_with_log(db)
        db.execute("DELETE FROM record WHERE kind = 'board' AND id = ?", (homeless,))
    assert cli.main(["check"]) == 1
    said = capsys.readouterr().out
    assert t("en", "cli.check_missing", item=lost, reason="") in said
    assert t("en", "cli.check_orphan", item=homeless, reason="") in said


def test_check_finds_a_board_of_another_lineage(
    stored: str, terminal: Path, capsys: Capture
) -> None:
    with database(terminal) as db:
        board = board_with_log(db)
        db.execute("UPDATE board SET lineage = 'another' WHERE id = ?", (board,))
    assert cli.main(["check"]) == 1
    assert f"{board}: the lineage does not match" in capsys.readouterr().out


def test_backup_makes_a_data_folder_that_only_its_owner_reads(
    stored: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies" / "today"
    assert cli.main(["backup", str(folder)]) == 0
    assert capsys.readouterr().out.strip() == t("en", "cli.backed_up", folder=str(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["hahmo.sqlite3", "secret.key"]
    assert folder.stat().st_mode & 0o077 == 0
    assert cli.main(["backup", str(folder)]) == 1
    assert capsys.readouterr().err.strip() == t("en", "cli.backup_exists", folder=str(folder))
    monkeypatch.setenv("HAHMO_DATA", str(folder))
    assert cli.main(["check"]) == 0
    assert cli.main(["export", stored, "--format", "md", "--to", str(tmp_path / "out")]) == 0


def test_backup_of_nothing_leaves_nothing_that_looks_like_one(
    terminal: Path, tmp_path: Path, capsys: Capture
) -> None:
    folder = tmp_path / "today"
    assert cli.main(["backup", str(folder)]) == 1
    assert str(terminal) in capsys.readouterr().err
    assert not (folder / "hahmo.sqlite3").exists()


def test_backup_of_a_damaged_store_says_so(stored: str, terminal: Path, tmp_path: Path) -> None:
    path = terminal / "hahmo.sqlite3"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(8192) + content[4096 + 8192 :])
    assert cli.main(["backup", str(tmp_path / "today")]) == 1
    assert list((tmp_path / "today").iterdir()) == [tmp_path / "today" / "secret.key"]


def test_export_writes_a_file_per_shared_board(
    stored: str, tmp_path: Path, capsys: Capture
) -> None:
    folder = tmp_path / "out"
    assert cli.main(["export", stored, "--format", "md", "--to", str(folder)]) == 0
    files = sorted(folder.iterdir())
    assert len(files) == 7
    assert sorted(capsys.readouterr().out.splitlines()) == [str(path) for path in files]
    assert all(path.name.startswith("kevatpaiva-") for path in files)


def test_export_of_the_whole_workbook_writes_one_file(stored: str, tmp_path: Path) -> None:
    for options in (["--format", "zip"], ["--format", "json", "--whole"]):
        assert cli.main(["export", stored, *options, "--to", str(tmp_path / "out")]) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["json", "zip"]
    assert all(name.startswith("kevatpaiva-2") for name in names)
    assert cli.main(["export", stored, "--format", "md", "--whole", "--to", str(tmp_path)]) == 1


def test_export_of_one_board_in_another_language(stored: str, tmp_path: Path) -> None:
    command = ["export", stored, "--board", "phenomena", "--language", "sv", "--format", "md"]
    assert cli.main([*command, "--to", str(tmp_path / "out")]) == 0
    [file] = (tmp_path / "out").iterdir()
    text = file.read_text(encoding="utf-8")
    assert "Fenomenkarta" in text
    assert "ensimmäinen" in text
    assert "toinen" in text


def test_export_of_what_is_not_there(stored: str, tmp_path: Path, capsys: Capture) -> None:
    assert cli.main(["export", "unknown", "--to", str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip() == t("en", "cli.no_workshop", workshop="unknown")
    assert cli.main(["export", stored, "--board", "lounas", "--to", str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip() == t("en", "cli.no_board", board="lounas")


def test_a_workshop_is_named_by_its_code_or_address_as_well(stored: str, tmp_path: Path) -> None:
    code = asyncio.run(join_code(stored, Path(os.environ["HAHMO_DATA"])))
    for number, name in enumerate((code, code.lower(), f"https://hahmo.example/w/{stored}#x")):
        to = tmp_path / str(number)
        assert cli.main(["export", name, "--format", "md", "--to", str(to)]) == 0
        assert any("ensimmäinen" in file.read_text() for file in to.iterdir())


async def join_code(workshop: str, data: Path) -> str:
    async with running_app(data) as app:
        return str((await app.service.workshops.desk(workshop)).join_code)


def test_a_wrong_use_has_status_two(capsys: Capture) -> None:
    for arguments in ([], ["export"], ["export", "x", "--format", "exe"], ["lounas"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
    capsys.readouterr()


def test_export_writes_what_the_browser_is_given(stored: str, tmp_path: Path) -> None:
    """Links, groups and neighbours included: the same but for the moment it was made."""
    served = asyncio.run(downloads(stored, tmp_path / "data"))
    for format in ("md", "json"):
        folder = tmp_path / format
        assert cli.main(["export", stored, "--format", format, "--to", str(folder)]) == 0
        written = {path.name: without_time(path.read_bytes()) for path in folder.iterdir()}
        assert written == {
            name: without_time(body) for name, body in served.items() if name.endswith(format)
        }
    assert any("toinen" in body.decode() for body in served.values())


async def downloads(workshop: str, data: Path) -> dict[str, bytes]:
    """The shared boards as the facilitator's browser loads them, by file name."""
    async with running_app(data) as app:
        desk = await app.service.workshops.desk(workshop)
        found = {}
        for board in (board for board in desk.boards if board.group is None):
            for format in ("md", "json"):
                reading = app.service.reading
                unread = await reading.unread(board.id, lambda _: TOKENS[workshop], desk.language)
                exported = await export_unread(format, unread, reading.elsewhere)
                found[exported.filename] = exported.body
        return found


def without_time(body: bytes) -> bytes:
    return re.sub(rb'"exported_at": ?"[^"]+"', b"", body)


def started(line: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """A line of the Procfile as foreman and honcho start it: by a shell."""
    return subprocess.Popen(
        ["/bin/sh", "-c", f"exec env {line}"],
        env={**os.environ, **environment, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_no_process_of_the_procfile_ends_by_itself(terminal: Path) -> None:
    """The first that ended would take the others with it."""
    lines = dict(line.split(": ", 1) for line in Path("Procfile").read_text().splitlines())
    environment = {"HAHMO_DATA": str(terminal), "PORT": "0", "LC_ALL": "en_GB.UTF-8"}
    processes = {name: started(line, environment) for name, line in lines.items()}
    try:
        worker, web = processes["worker"], processes["web"]
        assert worker.stdout
        assert web.stdout
        assert worker.stdout.readline().strip() == t("en", "cli.no_worker")
        while t("en", "cli.next") not in web.stdout.readline():
            assert web.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(1)
        for process in processes.values():
            process.terminate()
        assert [process.wait(20) for process in processes.values()] == [0, 0]
    finally:
        for process in processes.values():
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("cli") / "data"
    with running_server(data, {"LC_ALL": "en_GB.UTF-8"}) as running:
        yield running


@straight
def test_serve_says_where_it_is_and_what_is_next(server: Server) -> None:
    said = server.log.read_text()
    assert t("en", "cli.ready", address=server.url) in said
    assert t("en", "cli.next") in said
    assert t("en", "cli.only_here") in said
    answer = httpx.get(f"{server.url}/", trust_env=False)
    assert answer.status_code == 200
    assert "server" not in answer.headers


def test_one_folder_takes_one_server(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("HAHMO_DATA", str(server.data))
    monkeypatch.setenv("PORT", str(free_port()))
    for command in ("serve", "check"):
        assert cli.main([command]) == 1
        said = capsys.readouterr().err.strip()
        where = {"folder": str(server.data), "process": str(server.pid)}
        assert said == t("en", "error.store-locked.detail", **where)


def test_another_key_than_the_stores_does_not_start(
    stored: str, terminal: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (terminal / "secret.key").write_bytes(b"k" * 32)
    monkeypatch.setenv("PORT", "0")
    assert cli.main(["serve"]) == 1
    assert "secret.key" in capsys.readouterr().err


def test_the_key_of_a_folder_can_be_a_setting(
    stored: str,
    terminal: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    file = terminal / "secret.key"
    monkeypatch.setenv("HAHMO_KEY", file.read_bytes().hex())
    file.unlink()
    command = ["export", stored, "--format", "md"]
    assert cli.main([*command, "--to", str(tmp_path / "out")]) == 0
    assert cli.main(["backup", str(tmp_path / "copy")]) == 0
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["hahmo.sqlite3"]
    monkeypatch.setenv("HAHMO_KEY", "0" * 64)
    assert cli.main([*command, "--to", str(tmp_path / "other")]) == 1
    assert "HAHMO_KEY" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(number: signal.Signals, tmp_path: Path) -> None:
    with running_server(tmp_path / "data", {"LC_ALL": "en_GB.UTF-8"}) as server:
        assert server.process is not None
        server.process.send_signal(number)
        assert server.process.wait(15) == 0
        said = server.log.read_text()
        assert said.rstrip().endswith(t("en", "cli.stopped"))
        assert "Traceback" not in said
