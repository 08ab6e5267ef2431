"""Forks a real server in milliseconds: everything is imported once, every child serves anew.

    python -m tests.faults.support.forkserver

Every line on stdin is an order in JSON, and is answered by a line on stdout. `start` (fields of
`Order`) forks a server and is answered with its pid when it takes requests, or 0 if it ended
first; `wait` is answered when the last one has ended, with its exit status (minus the signal's
number if it was killed).
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import server.web.routes
from server import app
from server.config import Config
from server.serving import listen, serve
from server.store.sqlite import store
from server.sync.limits import SyncLimits
from tests.faults.support import bugs
from tests.faults.support.points import die_at

assert server.web.routes


@dataclass(frozen=True, kw_only=True)
class Order:
    """A server to start. `log`: the file for what it says.

    `die`: a name of `points.POINTS` and at which passing of it to end.
    `largest_file`: bytes; no file may grow beyond, as on a full disk.
    `journal_bytes`: of edits that call for the database to take them over.
    `clock`: seed of the jumps of its wall clock, hours to and fro whenever it is read.
    `bugs`: names of `bugs.BUGS`, to see that tests notice them. `limits`: fields of SyncLimits.
    """

    folder: str
    port: int
    log: str
    die: tuple[str, int] | None = None
    bugs: tuple[str, ...] = ()
    largest_file: int | None = None
    journal_bytes: int | None = None
    clock: int | None = None
    limits: dict[str, Any] = field(default_factory=lambda: {"messages_per_second": 0})

    def line(self) -> str:
        return json.dumps(asdict(self))


def child(ready: int, order: Order) -> None:
    """Be a server, as `hahmo serve` is one."""
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if order.largest_file is not None:
        limit = (order.largest_file, resource.RLIM_INFINITY)
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    if order.clock is not None:
        let_clock_jump(random.Random(order.clock))
    for bug in order.bugs:
        bugs.BUGS[bug]()
    begin = die_at(*order.die) if order.die else lambda: None
    if order.journal_bytes is not None:
        setattr(store, "JOURNAL_BYTES", order.journal_bytes)  # noqa: B010
    setattr(app, "SyncLimits", lambda: SyncLimits(**order.limits))  # noqa: B010
    config = Config(
        data=Path(order.folder),
        port=order.port,
        workshops_per_hour=10**6,  # all come from one address
    )

    def ready_to_die() -> None:
        begin()
        tell(ready)

    serve(config, listen(config), ready_to_die)


def let_clock_jump(dice: random.Random) -> None:
    hours = 3600 * 1_000_000_000
    real = time.time_ns

    def time_ns() -> int:
        return real() + dice.randrange(-2 * hours, 2 * hours)

    time.time_ns = time_ns
    time.time = lambda: time_ns() / 1_000_000_000


def tell(ready: int) -> None:
    os.write(ready, b"1")
    os.close(ready)


def start(order: Order) -> tuple[int, bool]:
    """A child, and whether it answers requests."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(read)
            child(write, order)
            status = 0
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status)
    os.close(write)
    ready = bool(os.read(read, 1))
    os.close(read)
    return pid, ready


def ended(pid: int) -> int:
    """Wait for a child; its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    last, status = 0, 0
    for line in sys.stdin:
        if last and line == "wait\n":
            last, status = 0, ended(last)
        if line == "wait\n":
            answer = status
        else:
            order = json.loads(line)
            if order["die"]:
                order["die"] = tuple(order["die"])
            last, ready = start(Order(**order))
            answer = last if ready else 0
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
