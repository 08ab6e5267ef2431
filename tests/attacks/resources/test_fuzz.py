"""Every call as the server describes it, with values nobody would send: never a 500."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.exports import FORMATS
from server.exports.whole import WHOLE_FORMATS
from tests.support.seed import SOAK, seed
from tests.support.server import Server, running_server

EXAMPLES = 8 * SOAK  # of each call
EVERYTHING = "coverage,fuzzing"  # each limit of each field, and values at random
PHASES = EVERYTHING if SOAK > 1 else "fuzzing"  # of those who get less far than who leads
SECONDS = 240 * SOAK
EXPORTS = "^/api/exports/"  # of those that one has, and others that one asks for take their place
ENDS_IT = "sign-out|leave|join-code|/close"  # after these nothing else would get through


# What is there, where bodies and queries name it: else none would get further than its name.
REAL_ONES = """
import schemathesis

REAL = {real!r}
FORMATS = {formats!r}

def with_real(told):
    if isinstance(told, dict):
        for name, id in REAL.items():
            if isinstance(told.get(name), str):
                told[name] = id
            if isinstance(told.get("people"), list) and told["people"]:
                told["people"][0] = REAL["person"]
        if isinstance(told.get("format"), str):
            told["format"] = FORMATS[len(told["format"]) % len(FORMATS)]
    return told

@schemathesis.hook
def map_body(context, body):
    return with_real(body)

@schemathesis.hook
def map_query(context, query):
    return with_real(query)
"""
KEY = "operators-key-of-this-test"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {"HAHMO_WORKSHOPS_PER_HOUR": "1000000", "HAHMO_CREATE_KEY": KEY}
    with running_server(tmp_path_factory.mktemp("fuzz") / "data", env) as running:
        yield running


@dataclass
class World:
    """A workshop with everything in it that a path can name, and tokens of who is there."""

    facilitator: str
    participant: str
    parameters: dict[str, str]

    def real_ones(self) -> str:
        """A module for schemathesis that has some of them."""
        real = {name: self.parameters[f"path.{name}"] for name in ("board", "person")}
        return REAL_ONES.format(real=real, formats=sorted({*FORMATS, *WHOLE_FORMATS}))

    def as_bearer(self, token: str) -> dict[str, Any]:
        return {"headers": {"Authorization": f"Bearer {token}"}, "parameters": self.parameters}


def post(server: Server, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.post(server.url + path, json=body, headers=headers)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


@pytest.fixture
def world(server: Server) -> World:
    made = post(server, "/api/workshops", {}, KEY)
    token = made["token"]
    joined = post(server, "/api/join", {"code": made["join_code"], "name": "Koivu"})
    board = next(each["id"] for each in made["boards"] if each["key"] == "phenomena")
    path = f"/api/workshops/{made['id']}/breakouts"
    breakout = post(server, path, {"board": board, "groups": 2}, token)
    snapshot = post(server, f"/api/boards/{board}/snapshots", {"name": "Alku"}, token)
    exports = f"/api/workshops/{made['id']}/exports"
    parameters = {
        "path.export": post(server, exports, {"format": "md", "board": board}, token)["id"],
        "path.workshop": made["id"],
        "path.board": board,
        "path.breakout": breakout["id"],
        "path.person": joined["person"],
        "path.snapshot": snapshot["id"],
        "path.moment": "1",
        "path.code": made["join_code"],
        "path.format": "md",
    }
    return World(token, joined["token"], parameters)


def toml(value: dict[str, Any]) -> str:
    """As much of it as we need: tables of texts."""
    parts = []
    for name, table in value.items():
        lines = [f"{json.dumps(key)} = {json.dumps(text)}" for key, text in table.items()]
        parts += [f"[{name}]", *lines]
    return "\n".join(parts)


def fuzz(
    server: Server,
    folder: Path,
    config: dict[str, Any],
    *options: str,
    phases: str = PHASES,
    hooks: str = "",
) -> str:
    """What schemathesis says when it is done. `hooks`: a module for it."""
    (folder / "hooks.py").write_text(hooks)
    told = folder / "schemathesis.toml"
    told.write_text(toml(config))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(told)),
        *("run", f"{server.url}/api/openapi.json", "--checks", "not_a_server_error"),
        *("--phases", phases, "--max-examples", str(EXAMPLES), "--seed", str(seed())),
        *("--request-timeout", "60"),  # a busy machine
        *("--continue-on-failure", "--no-color", *options),
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"SCHEMATHESIS_HOOKS": str(folder / "hooks.py")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def gets_through(
    server: Server, folder: Path, world: World, token: str, *, phases: str = PHASES
) -> str:
    """With somebody's token: no 500, and they are signed in to the end. What schemathesis says."""
    config = world.as_bearer(token)
    options = ("--exclude-method", "DELETE", "--exclude-path-regex", f"{ENDS_IT}|{EXPORTS}")
    said = fuzz(server, folder, config, *options, phases=phases, hooks=world.real_ones())
    assert "unnamed error" not in server.log.read_text()
    answer = httpx.get(
        f"{server.url}/api/workshops/{world.parameters['path.workshop']}", headers=config["headers"]
    )
    assert answer.status_code == 200, "they were no longer signed in at the end"
    return said


@pytest.mark.timeout(260 * SOAK)
def test_no_call_of_a_facilitator_is_answered_with_a_500(
    server: Server, world: World, tmp_path: Path
) -> None:
    said = gets_through(server, tmp_path, world, world.facilitator, phases=EVERYTHING)
    assert "returned only 401/403" not in said  # it got through to what it was to try


@pytest.mark.timeout(260 * SOAK)
def test_no_call_of_a_participant_is_answered_with_a_500(
    server: Server, world: World, tmp_path: Path
) -> None:
    gets_through(server, tmp_path, world, world.participant)


@pytest.mark.timeout(260 * SOAK)
def test_no_call_with_the_key_to_open_workshops_is_answered_with_a_500(
    server: Server, world: World, tmp_path: Path
) -> None:
    """Workbooks and titles get as far as they can; whatever is deleted is another's, or nothing."""
    fuzz(server, tmp_path, world.as_bearer(KEY))
    assert "unnamed error" not in server.log.read_text()


@pytest.mark.timeout(260 * SOAK)
def test_no_call_of_a_stranger_is_answered_with_a_500(
    server: Server, world: World, tmp_path: Path
) -> None:
    fuzz(server, tmp_path, {"parameters": world.parameters})
    assert "unnamed error" not in server.log.read_text()


@pytest.mark.timeout(260 * SOAK)
@pytest.mark.parametrize("path", ["sign-out", "leave", "join-code", "/close", "people"])
def test_no_call_that_ends_something_is_answered_with_a_500(
    server: Server, world: World, tmp_path: Path, path: str
) -> None:
    """Each for itself, as nothing else gets through afterwards."""
    config = world.as_bearer(world.facilitator)
    fuzz(server, tmp_path, config, "--include-path-regex", path)
    assert "unnamed error" not in server.log.read_text()


@pytest.mark.timeout(260 * SOAK)
def test_no_call_on_a_document_in_the_making_is_answered_with_a_500(
    server: Server, world: World, tmp_path: Path
) -> None:
    """On one that is there, and it is reached: what it says is read, and at last it is dropped."""
    config = world.as_bearer(world.facilitator)
    path = f"/api/exports/{world.parameters['path.export']}"
    fuzz(server, tmp_path, config, "--include-path-regex", EXPORTS, "--exclude-method", "DELETE")
    told = httpx.get(server.url + path, headers=config["headers"]).json()
    assert told["state"] == "done"
    fuzz(server, tmp_path, config, "--include-path-regex", EXPORTS, "--include-method", "DELETE")
    told = httpx.get(server.url + path, headers=config["headers"]).json()
    assert told["code"] == "export-gone"
    assert "unnamed error" not in server.log.read_text()
