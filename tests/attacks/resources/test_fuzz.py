"""Every call as the server describes it, with values nobody would send: never a 500."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.seed import SOAK, seed
from tests.support.server import Server, running_server

EXAMPLES = 15 * SOAK  # of each call
SECONDS = 240 * SOAK
ENDS_IT = "sign-out|leave|join-code|/close"  # after these nothing else would get through


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {"HAHMO_WORKSHOPS_PER_HOUR": "1000000"}
    with running_server(tmp_path_factory.mktemp("fuzz") / "data", env) as running:
        yield running


def post(server: Server, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.post(server.url + path, json=body, headers=headers)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def settings(server: Server) -> dict[str, Any]:
    """A workshop with everything in it that a path can name, and who leads it."""
    made = post(server, "/api/workshops", {})
    token = made["token"]
    joined = post(server, "/api/join", {"code": made["join_code"], "name": "Koivu"})
    board = next(each["id"] for each in made["boards"] if each["key"] == "phenomena")
    path = f"/api/workshops/{made['id']}/breakouts"
    breakout = post(server, path, {"board": board, "groups": 2}, token)
    return {
        "headers": {"Authorization": f"Bearer {token}"},
        "parameters": {
            "path.workshop": made["id"],
            "path.board": board,
            "path.breakout": breakout["id"],
            "path.person": joined["person"],
            "path.code": made["join_code"],
            "path.format": "md",
        },
    }


def toml(value: dict[str, Any]) -> str:
    """As much of it as we need: tables of texts."""
    parts = []
    for name, table in value.items():
        lines = [f"{json.dumps(key)} = {json.dumps(text)}" for key, text in table.items()]
        parts += [f"[{name}]", *lines]
    return "\n".join(parts)


def fuzz(server: Server, folder: Path, config: dict[str, Any], *options: str) -> str:
    """What schemathesis says when it is done."""
    told = folder / "schemathesis.toml"
    told.write_text(toml(config))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(told)),
        *("run", f"{server.url}/api/openapi.json", "--checks", "not_a_server_error"),
        *("--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(seed())),
        *("--continue-on-failure", "--no-color", *options),
    ]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.timeout(260 * SOAK)
def test_no_call_of_a_facilitator_is_answered_with_a_500(server: Server, tmp_path: Path) -> None:
    config = settings(server)
    said = fuzz(
        server, tmp_path, config, "--exclude-method", "DELETE", "--exclude-path-regex", ENDS_IT
    )
    assert "returned only 401/403" not in said  # it got through to what it was to try
    assert "unnamed error" not in server.log.read_text()


@pytest.mark.timeout(260 * SOAK)
def test_no_call_of_a_stranger_is_answered_with_a_500(server: Server, tmp_path: Path) -> None:
    config = settings(server)
    fuzz(server, tmp_path, {"parameters": config["parameters"]})
    assert "unnamed error" not in server.log.read_text()
