"""How often a fault test does its worst (in `make soak` more often), and its report."""

import os

from tests.support.seed import SOAK, seed

__all__ = ["count", "tell"]


def count(variable: str, *, ordinary: int, soak: int) -> int:
    """`variable` of the environment if it is set, else the figure for this kind of run."""
    given = os.environ.get(variable)
    if given:
        return int(given)
    return soak if SOAK > 1 else ordinary


def tell(
    target: str, *, n: int, acked: int, lost: int, more: str = "", at: int | None = None
) -> str:
    """Print, and return, what a test did: `n` blows, after which so much was acked and lost.

    `at`: its seed, if it is not this run's.
    """
    told = f"{target} seed={seed() if at is None else at} N={n} acked={acked} lost={lost} {more}"
    print(told.rstrip())
    return told.rstrip()
