"""The seed and the length of random tests; see tests/conftest.py."""

import functools
import os
import random

SOAK = int(os.environ.get("HAHMO_TEST_SOAK", "1"))  # a random test makes this many times its rounds


@functools.cache
def seed() -> int:
    """HAHMO_TEST_SEED if set, else a number thrown once for this run."""
    given = os.environ.get("HAHMO_TEST_SEED")
    return int(given) if given else random.SystemRandom().randrange(2**32)


def rounds(ordinary: int) -> int:
    """How many rounds a random test makes now: `ordinary`, or many times more in a soak."""
    return ordinary * SOAK
