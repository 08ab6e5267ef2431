"""What a load test needs: the generator, the workload, and servers of several makes in turn.

The generator (`generator/ybench.c`) is one C thread with its own framing. It replays real Yjs
updates and decodes what comes back, so forwarding, merging and re-encoding count alike, and lost
or incomplete deliveries are found. Everything goes to 127.0.0.1 and ends by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["OURS", "Rig", "Spec", "running"]

HERE = Path(__file__).parent
BUILD = HERE.parent.parent / "build" / "bench"
START_SECONDS = 30
RUN_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Spec:
    """How a server is started. `{port}`, `{db}`, `{data}` and `{peers}` are filled in.

    `args`: flags for the generator. `prepare`, `cold_env`: for a cold start from a long history.
    """

    name: str
    cmd: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    args: list[str] = field(default_factory=list)
    prepare: list[str] | None = None
    cold_env: Mapping[str, str] = field(default_factory=dict)


OURS = Spec(
    name="hahmo",
    cmd=[sys.executable, "-m", "tests.bench.server", "{port}", "{db}"],
    prepare=[
        sys.executable,
        *("-m", "tests.bench.server", "0", "{db}", "--prepare", "{data}/log.bin", "cold-0"),
    ],
)


class Rig:
    """Builds generator and workload once. `peers`: a folder with other makes, if there is one."""

    def __init__(self, peers: Path | None) -> None:
        self.peers = peers
        self.data = BUILD / "data"
        self.generator = BUILD / "ybench"
        BUILD.mkdir(parents=True, exist_ok=True)
        source = HERE / "generator" / "ybench.c"
        if not self.generator.exists() or self.generator.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["cc", "-O2", "-o", self.generator, source, "-lm"], check=True)
        if not (self.data / "log.bin").exists():
            subprocess.run(
                [sys.executable, HERE / "generator" / "workload.py", self.data], check=True
            )

    def servers(self) -> list[Spec]:
        """Ours, and every peer that is installed."""
        return [OURS, *(installed(self.peers) if self.peers else [])]

    def load(
        self, server: Running, spec: Spec, args: list[str], *, tag: str = ""
    ) -> dict[str, Any]:
        """One run of the generator; its figures, or {"error": …}. `tag`: begins boards' names."""
        pids = ",".join(map(str, tree(server.process.pid)))
        tag = tag or f"b{time.monotonic_ns() % 10**9}"
        command = [self.generator, "--port", str(server.port), "--pids", pids, "--tag", tag]
        done = subprocess.run(
            [*map(str, command), *spec.args, *args],
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
        )
        if done.returncode:
            return {"error": done.stderr.strip()[-200:]}
        figures: dict[str, Any] = json.loads(done.stdout)
        return figures


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    port: int


@contextmanager
def running(rig: Rig, spec: Spec, db: Path, *, cold: bool = False) -> Iterator[Running]:
    """A fresh process of a server, over the folder `db`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    values = filling(rig, db) | {"port": str(port)}
    env = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", **spec.env}
    if cold:
        env.update({key: fill(value, values) for key, value in spec.cold_env.items()})
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [fill(word, values) for word in spec.cmd],
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for(port, process)
            yield Running(process, port)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def prepared(rig: Rig, spec: Spec, folder: Path) -> Path:
    """A folder in which the server finds a board with a long history; made once."""
    db = folder / f"cold-{spec.name.replace('/', '-').replace(' ', '-')}"
    if not db.exists() and spec.prepare:
        db.mkdir(parents=True)
        command = [fill(word, filling(rig, db)) for word in spec.prepare]
        subprocess.run(command, check=True, env={**os.environ, "BOARD": "cold-0"})
    copy = folder / "cold-run"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(db, copy)
    return copy


def installed(peers: Path) -> list[Spec]:
    found = []
    for name, told in json.loads((HERE / "peers.json").read_text()).items():
        if not Path(told["needs"].replace("{peers}", str(peers))).exists():
            continue
        cold = told.get("cold", {})
        found.append(
            Spec(
                name=name,
                cmd=told["cmd"],
                env=told.get("env", {}),
                args=told.get("args", []),
                prepare=cold.get("prepare"),
                cold_env=cold.get("env", {}),
            )
        )
    return found


def filling(rig: Rig, db: Path) -> dict[str, str]:
    return {"db": str(db), "data": str(rig.data), "peers": str(rig.peers)}


def fill(text: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start") from None


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found
