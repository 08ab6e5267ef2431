"""How often a fault test does its worst: less in `make test`, more in `make soak`."""

import os

from tests.support.seed import SOAK

__all__ = ["count"]


def count(variable: str, *, ordinary: int, soak: int) -> int:
    """`variable` of the environment if it is set, else the figure for this kind of run."""
    given = os.environ.get(variable)
    if given:
        return int(given)
    return soak if SOAK > 1 else ordinary
