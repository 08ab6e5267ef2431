"""What holds for every test: one seed for all that is random, printed to repeat a run with.

HAHMO_TEST_SEED=<number> repeats a run. HAHMO_TEST_SOAK=<factor> makes random tests that many times
longer (`make soak`).
"""

import os
import random

import pytest
from hypothesis import HealthCheck, settings

from tests.support.seed import SOAK, seed

settings.register_profile(
    "hahmo",
    max_examples=100 * SOAK,
    deadline=None,  # a shared machine pauses at any moment; pytest-timeout ends what hangs
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("hahmo")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give Hypothesis our seed, unless one was asked for; xdist's workers inherit ours."""
    os.environ["HAHMO_TEST_SEED"] = str(seed())
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(seed())


def pytest_report_header() -> str:
    return f"repeat with: HAHMO_TEST_SEED={seed()}" + f" HAHMO_TEST_SOAK={SOAK}" * (SOAK > 1)


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """A random source of this test's own: the same for the same seed, whatever ran before."""
    return random.Random(f"{seed()}/{request.node.nodeid}")
