"""What `make test` counts, and how often it looks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import run_tests
from scripts.run_tests import Counts, Step

UNSTEADY = """
from pathlib import Path

def test_steady():
    pass

def test_unsteady():
    before = Path(__file__).with_name("before")
    if not before.exists():
        before.touch()
        raise AssertionError
"""
SEEDED = """
from tests.support.seed import seed

def test_what_one_seed_shows():
    assert seed() != {seed}
"""
BROKEN = """
import pytest

@pytest.mark.parametrize("n", range({n}))
def test_broken(n):
    raise AssertionError
"""


def step(folder: Path, text: str) -> Step:
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", str(folder)]
    return Step(
        "it", command, folder, report, run_tests.pytest_counts, again=[*command, "--last-failed"]
    )


def test_what_fails_once_is_named_as_unsteady(tmp_path: Path) -> None:
    outcome = run_tests.run(step(tmp_path, UNSTEADY))
    assert outcome.counts == Counts(passed=2)
    assert outcome.unsteady == ("test_it::test_unsteady",)


@pytest.mark.parametrize("n", [1, run_tests.MOST_UNSTEADY, run_tests.MOST_UNSTEADY + 1])
def test_what_fails_twice_has_failed(
    tmp_path: Path, n: int, capfd: pytest.CaptureFixture[str]
) -> None:
    outcome = run_tests.run(step(tmp_path, BROKEN.format(n=n)))
    assert outcome == run_tests.Outcome(Counts(failed=n))
    assert ("once more" in capfd.readouterr().out) is (n <= run_tests.MOST_UNSTEADY)


def test_one_more_look_is_for_what_runs_processes() -> None:
    names = ["pytest", "pytest e2e", "pytest faults"]
    assert [step.name for step in run_tests.tests() if step.again] == names
    assert not any(step.again for step in run_tests.checks())


def test_a_second_look_has_the_seed_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAHMO_TEST_SEED", raising=False)
    held = run_tests.hold_seed()
    assert run_tests.hold_seed() == held
    monkeypatch.setenv("HAHMO_TEST_SEED", held)
    outcome = run_tests.run(step(tmp_path, SEEDED.format(seed=held)))
    assert outcome == run_tests.Outcome(Counts(failed=1))
