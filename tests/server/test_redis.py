"""`hahmo serve` on a real Redis: what is set decides, and whoever cannot serve says so and ends."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from server.i18n import t
from tests.faults.support.crash import Workshop
from tests.server.test_cli import started
from tests.support.redis.servers import RedisServer, until
from tests.support.server import running_server

COMMAND = [sys.executable, "-m", "server"]


def ended(*command: str, **env: str) -> str:
    """What one that ends with status 1 says: one line, and no traceback."""
    done = subprocess.run(
        [*COMMAND, *command],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "en_US.UTF-8", "PORT": "0", **env},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done
    [line] = [line for line in done.stderr.splitlines() if line]
    return line


def test_a_workshop_on_redis_outlives_its_server(tmp_path: Path) -> None:
    with RedisServer() as redis:
        env = {"HAHMO_REDIS_URL": redis.url, "LC_ALL": "en_US.UTF-8"}
        with running_server(tmp_path / "data", env) as server:
            made = httpx.post(f"{server.url}/api/workshops", json={}, trust_env=False).json()
            ready = httpx.get(f"{server.url}/readyz", trust_env=False)
            assert ready.text == "ready\ndurability: disk\n"
            assert "Redis at 127.0.0.1" in server.log.read_text()
            told = ended("serve", HAHMO_DATA=str(tmp_path / "other"), **env)
            assert "is not the key of this store" in told
            server.stop()
            server.restart()
            answer = httpx.post(
                f"{server.url}/api/join",
                json={"code": made["join_code"], "name": "A"},
                trust_env=False,
            )
            assert answer.is_success, answer.text
        data = {"HAHMO_DATA": str(tmp_path / "data")}
        assert "backed up by Redis" in ended("backup", str(tmp_path / "copy"), **data, **env)
        assert not list((tmp_path / "data").glob("hahmo.*"))  # nothing but the key
        checked = subprocess.run(
            [*COMMAND, "check"],
            env={"PATH": "/usr/bin:/bin", **data, **env},
            capture_output=True,
            text=True,
        )
        assert checked.returncode == 0, checked
        assert "Checked 8 boards." in checked.stdout


def test_the_embedded_store_loads_nothing_of_it() -> None:
    program = "import sys, server.cli; sys.exit('redis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_the_procfile_runs_on_redis_and_its_worker_has_work(tmp_path: Path) -> None:
    """Both begin at once on a folder without a key, and the server outlives its worker."""
    lines = dict(line.split(": ", 1) for line in Path("Procfile").read_text().splitlines())
    with RedisServer() as redis:
        env = {"HAHMO_REDIS_URL": redis.url, "HAHMO_DATA": str(tmp_path), "PORT": "0"}
        env |= {"LC_ALL": "en_GB.UTF-8"}
        with ended_together({name: started(line, env) for name, line in lines.items()}) as running:
            until_said(running["web"], t("en", "cli.next"))
            where = f"127.0.0.1:{redis.port}"
            until_said(running["worker"], t("en", "cli.working", where=where))
            until(lambda: redis.command("HGET", "hahmo:{worker}:home", "node"))
            running["worker"].kill()
            second = started(lines["worker"], env)
            with ended_together({"second": second}):
                until(lambda: redis.command("HGET", "hahmo:{worker}:home", "epoch") == b"2")
                assert running["web"].poll() is None
                second.terminate()
                assert second.wait(20) == 0
            running["web"].terminate()
            assert running["web"].wait(20) == 0


Processes = dict[str, subprocess.Popen[str]]


@contextlib.contextmanager
def ended_together(processes: Processes) -> Iterator[Processes]:
    try:
        yield processes
    finally:
        for process in processes.values():
            process.kill()
            process.communicate()


def until_said(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    while line not in process.stdout.readline():
        assert process.poll() is None


def test_a_workshop_is_exported_while_it_is_served_and_nothing_is_written(tmp_path: Path) -> None:
    with RedisServer() as redis:
        env = {"HAHMO_REDIS_URL": redis.url, "HAHMO_DATA": str(tmp_path / "data")}
        env |= {"LC_ALL": "en_US.UTF-8", "HAHMO_RETENTION_DAYS": "1"}
        with running_server(tmp_path / "data", env) as server:
            workshop = Workshop.open(server.port, 0)
            home = redis.command("HGETALL", f"hahmo:{{{workshop.id}}}:home")
            command = ("export", workshop.join_code, "--format", "json", "--to", str(tmp_path))
            done = subprocess.run(
                [*COMMAND, *command],
                env={"PATH": "/usr/bin:/bin", **env},
                capture_output=True,
                text=True,
            )
            assert (done.returncode, done.stderr) == (0, "")
            files = [Path(line) for line in done.stdout.splitlines()]
            assert len(files) > 3
            assert all(json.loads(file.read_text()) for file in files)
            assert redis.command("HGETALL", f"hahmo:{{{workshop.id}}}:home") == home
            assert workshop.call("GET", f"/api/workshops/{workshop.id}")["id"] == workshop.id
