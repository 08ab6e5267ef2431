"""deploy/ names settings, commands, metrics and promises that there are, in sound files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from server.cli import parser
from server.config import Config
from tests.server.test_behind_nginx import NGINX, WHOLE
from tests.support.server import free_port

DEPLOY = Path("deploy")
OPERATIONS = Path("docs/operations.md").read_text(encoding="utf-8")
UNITS = sorted((DEPLOY / "systemd").iterdir(), key=lambda path: path.name)
INSTALLED = "/opt/hahmo/bin/hahmo"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_sound_and_run_what_there_is(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text()
    [command] = re.findall(rf"^ExecStart={INSTALLED} (\S+)$", text, re.MULTILINE)
    parser().parse_args([command])
    set_there = re.findall(r"^Environment=(.*)$", text, re.MULTILINE)
    names = [pair.partition("=")[0] for line in set_there for pair in line.split()]
    assert names
    assert set(names) <= set(Config.variables())
    stop = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert int(stop[0]) > 10  # as long as a server may take to end
    if shutil.which("systemd-analyze"):
        copy = tmp_path / unit.name.replace("@", "@8001")
        copy.write_text(text.replace(INSTALLED, "/bin/true"))
        done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_container_files_name_what_there_is() -> None:
    dockerfile = (DEPLOY / "container" / "Dockerfile").read_text()
    [line] = re.findall(r"^ENV (.*)$", dockerfile, re.MULTILINE)
    assert {pair.partition("=")[0] for pair in line.split()} <= set(Config.variables())
    for copied in re.findall(r"requirements/\S+", dockerfile):
        assert Path(copied).exists()
    assert "USER 10001" in dockerfile
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"redis", "one", "two", "worker", "nginx"}
    redis = services["redis"]["command"]
    asked = dict(zip(redis[1::2], redis[2::2], strict=True))
    assert asked == {
        "--appendonly": "yes",
        "--appendfsync": "always",
        "--maxmemory-policy": "noeviction",
    }
    for name in ("one", "two", "worker"):
        assert set(services[name]["environment"]) <= set(Config.variables())
        parser().parse_args(services[name].get("command", ["serve"]))
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)


def test_the_container_nginx_is_the_documented_one_without_tls(tmp_path: Path) -> None:
    lines = (DEPLOY / "container" / "nginx.conf").read_text().splitlines()[1:]
    [documented] = re.findall(r"```nginx\n(.*?)```", OPERATIONS, re.DOTALL)
    known = {
        line.replace("127.0.0.1:8001", "one:8000").replace("127.0.0.1:8002", "two:8000")
        for line in documented.splitlines()
    }
    assert [line for line in lines if line not in known] == []
    text = "\n".join(lines).replace("one:8000", "127.0.0.1:1").replace("two:8000", "127.0.0.1:2")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    conf = tmp_path / "nginx.conf"
    conf.write_text(WHOLE.format(user="", folder=tmp_path, documented=text))
    done = subprocess.run([NGINX, "-t", "-p", tmp_path, "-c", conf], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_dashboard_shows_metrics_that_there_are() -> None:
    board = json.loads((DEPLOY / "grafana" / "hahmo.json").read_text())
    described = set(re.findall(r"`(hahmo_[a-z_]+)`", OPERATIONS))
    shown = set()
    for panel in board["panels"]:
        for target in panel["targets"]:
            names = re.findall(r"hahmo_[a-z_]+", target["expr"])
            assert names
            shown |= {name.removesuffix("_bucket") for name in names}
    assert shown <= described
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places)
    for question in (
        "people",
        "updates_total",
        "ack_seconds",
        "commit_seconds",
        "homes",
        "passing",
    ):
        assert f"hahmo_{question}" in shown
    assert {"hahmo_boards_waiting", "hahmo_refusals_total", "hahmo_redis_seconds"} <= shown
