"""`make bench` runs to its end: the same programs, on small sizes and without other makes."""

import asyncio
import importlib
import os
import subprocess
import sys

import pytest

from server.exports import FORMATS
from tests.bench import __main__ as bench
from tests.bench import exports
from tests.bench.scenarios import SCENARIOS


def test_every_format_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(exports.main({4: 1}))
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [*FORMATS, "import"]


def test_every_program_of_the_bench_is_there() -> None:
    for program in bench.PROGRAMS:
        assert importlib.import_module(program)


@pytest.mark.timeout(300)
def test_a_scenario_shows_its_figures() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "HAHMO_BENCH_PEERS"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "S1", "--seconds", "1"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    assert f"S1: {SCENARIOS['S1'].title}" in done.stdout
    assert "hahmo" in done.stdout
    assert "error" not in done.stdout
