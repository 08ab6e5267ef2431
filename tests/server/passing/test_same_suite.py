"""Part of the server's suite once more, through a server that is home of nothing.

HAHMO_TEST_PASSED=1 before a run does so with all of it; what looks into the embedded store's files,
or at a server's own metrics, finds others then.
"""

import os
import subprocess
import sys

import pytest

from tests.support.imports import ROOT

FILES = ("test_websocket.py", "test_breakouts.py", "test_edits.py")


@pytest.mark.timeout(600)
def test_the_suite_of_calls_and_sockets_passes_through_one_that_is_never_home() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        + [f"tests/server/web/{name}" for name in FILES],
        cwd=ROOT,
        env={**os.environ, "HAHMO_TEST_PASSED": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
