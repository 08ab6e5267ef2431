"""The one clock of the commands."""

import time

__all__ = ["milliseconds"]


def milliseconds() -> int:
    """Now, ms since the epoch."""
    return time.time_ns() // 1_000_000
