"""R10: hostile frames harm nobody. Here the bytes; the server as a whole is tested over sockets.

A child process takes the frames, as the engine's answer to some is not an error but a crash.
"""

import json
import subprocess
import sys
import tempfile
from typing import Any

import pytest

from tests.support.mutants import STALL
from tests.support.seed import SOAK, seed
from tests.support.yjs import ask_yjs

MUTANTS = 20_000


def attacked(number: int, count: int) -> Any:
    """The report of a child that served `count` hostile frames (tests/support/mutants.py)."""
    history = ask_yjs("histories", seed=number, rounds=400)
    question = {"history": history, "seed": number, "count": count}
    with tempfile.TemporaryFile() as heard:
        child = subprocess.run(
            [sys.executable, "-m", "tests.support.mutants"],
            input=json.dumps(question).encode(),
            stdout=subprocess.PIPE,
            stderr=heard,
            timeout=100,
            check=False,
        )
        heard.seek(0)
        last_words = heard.read()[-2_000:].decode(errors="replace")
    assert child.returncode == 0, f"seed {number}: died of {child.returncode}: {last_words}"
    return json.loads(child.stdout)


@pytest.mark.parametrize("part", range(SOAK))
def test_r10_mutants_crash_nothing_and_stall_nobody(part: int) -> None:
    number = seed() + part
    answer = attacked(number, MUTANTS)
    report = answer["report"]
    told = f"seed {number}, {MUTANTS} frames, {report}, slowest {answer['slowest'] * 1e3:.1f} ms"
    print(told)
    assert sum(report.values()) >= MUTANTS, told
    for fate in "malformed", "applied", "gap", "answered", "presence", "half", "utf-8", "parent":
        assert report[fate] > 10, told
    assert report["poisoned"] < MUTANTS / 20, told  # each costs a reload
    assert "clocks differ" not in report, told
    assert answer["slowest"] < STALL, told
