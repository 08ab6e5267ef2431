"""Forks a real server in milliseconds: everything is imported once, every child serves anew.

    python -m tests.faults.zygote

A line `FOLDER PORT POINT COUNT` on stdin starts a server on the folder; its pid comes back on
stdout when it answers. POINT names a place in `POINTS` where the child ends itself, as if killed,
when it gets there the COUNTth time; `-` lets it live. A line `wait` is answered when the last one
has ended; starting the next waits for that too.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import server.web.routes
from server.config import Config
from server.serving import listen, serve
from server.store import sqlite
from server.sync import committer, compactor, room
from server.workshops import breakouts

# Where a server may die: (owner, function, whether before or after it ran).
POINTS: dict[str, tuple[Any, str, bool]] = {
    "before-write": (sqlite, "write", False),
    "after-write-before-commit": (sqlite, "write", True),
    "after-commit": (sqlite.SqliteStore, "commit", True),
    "before-telling": (committer.Committer, "_succeed", False),
    "after-telling": (committer.Committer, "_succeed", True),
    "before-acks": (room.Room, "_acks", False),
    "after-acks": (room.Room, "_acks", True),
    "mid-append": (sqlite, "insert_log", True),
    "before-records": (sqlite, "put", False),
    "after-load": (sqlite, "read_board", True),
    "before-replay": (compactor, "replayed_elsewhere", False),
    "before-snapshot": (sqlite, "write_snapshot", False),
    "after-snapshot-before-commit": (sqlite, "write_snapshot", True),
    "mid-merge": (breakouts, "stamp_group", True),
}


def die_at(point: str, count: int) -> None:
    """From now on the process ends, as by SIGKILL, at the `count`th passing of `point`."""
    owner, name, after = POINTS[point]
    original: Callable[..., Any] = getattr(owner, name)
    left = [count]

    def passing() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def deadly(*args: Any, **options: Any) -> Any:
        if not after:
            passing()
        result = original(*args, **options)
        if hasattr(result, "__await__"):
            return finish(result)
        if after:
            passing()
        return result

    async def finish(awaited: Any) -> Any:
        result = await awaited
        if after:
            passing()
        return result

    setattr(owner, name, deadly)


def child(ready: int, folder: str, port: str, point: str, count: str) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    if point != "-":
        die_at(point, int(count))
    config = Config(data=Path(folder), port=int(port))
    try:
        serve(config, listen(config), lambda: tell(ready))
    finally:
        os._exit(1)


def tell(ready: int) -> None:
    os.write(ready, b"1")
    os.close(ready)


def start(*words: str) -> int:
    """A child that answers requests; its pid."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        child(write, *words)
    os.close(write)
    if not os.read(read, 1):
        raise RuntimeError(f"the server on {words} ended before it was ready")
    os.close(read)
    return pid


def main() -> None:
    assert server.web.routes
    last = 0
    for line in sys.stdin:
        words = line.split()
        if last:
            os.waitpid(last, 0)
            last = 0
        if words != ["wait"]:
            last = start(*words)
        sys.stdout.write(f"{last}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
