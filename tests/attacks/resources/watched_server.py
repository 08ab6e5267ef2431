"""`hahmo` that writes down, while it serves, how long its loop's turns take.

`python -m tests.attacks.resources.watched_server FILE serve` adds a line to FILE for each turn of
more than 5 ms: when it was over (monotonic seconds, the same for all processes), and how long it
was, in seconds of processor time. That says nearly the same on a busy machine as on a quiet one.
"""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

from server import serving
from server.cli import main
from tests.support.pauses import Pauses

__all__ = ["longest_turn"]

TICK_SECONDS = 0.001
WORTH_TELLING = 0.005


def longest_turn(file: Path, *, since: float, until: float) -> float:
    """Seconds of the longest that ended in that time; 0 if none was worth telling."""
    told = (map(float, line.split()) for line in file.read_text().splitlines())
    return max((long for ended, long in told if since <= ended <= until), default=0.0)


def watch(file: Path) -> None:
    """Every server that this process starts is watched from when it listens."""
    lines = file.open("a", buffering=1)
    start = serving.Server.startup

    def hear(pause: float) -> None:
        if pause > WORTH_TELLING:
            lines.write(f"{time.monotonic()} {pause}\n")

    async def startup(self: serving.Server, sockets: list[socket.socket] | None = None) -> None:
        await start(self, sockets)
        Pauses(tick=TICK_SECONDS, hear=hear)

    serving.Server.startup = startup  # type: ignore[method-assign]


if __name__ == "__main__":
    watch(Path(sys.argv.pop(1)))
    sys.exit(main())
